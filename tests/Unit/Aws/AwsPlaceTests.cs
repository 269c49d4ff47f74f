using System.Diagnostics;
using System.Text.Json;

namespace SwarmOps.Tests.Unit;

/// <summary>
/// Credentials of the places outside the session: environment, profiles with a role, with SSO and with web identity, a container's and an instance's role. Each in a
/// process of its own with the staged module, as a user starts it: the SDK loads the packages for some of them by name.
/// </summary>
public sealed class AwsPlaceTests(AwsMotoServer moto) : IDisposable
{
    private const string Keys =
        """{"AccessKeyId": "AKIDCONTAINER", "SecretAccessKey": "secret", "Token": "container-token", "Expiration": "2099-01-01T00:00:00Z"}""";
    private const string InstanceKeys =
        """{"Code": "Success", "LastUpdated": "2026-01-01T00:00:00Z", "Type": "AWS-HMAC", "AccessKeyId": "AKIDINSTANCE", "SecretAccessKey": "secret", "Token": "instance-token", "Expiration": "2099-01-01T00:00:00Z"}""";
    private const string SsoAnswer =
        """{"roleCredentials": {"accessKeyId": "AKIDSSO", "secretAccessKey": "secret", "sessionToken": "sso-token", "expiration": 4070908800000}}""";

    private readonly string home = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Theory]
    [InlineData("environment", "the environment (AWS_ACCESS_KEY_ID)")]
    [InlineData("default profile", "profile 'default'")]
    [InlineData("named profile", "profile 'named'")]
    [InlineData("assumed role", "profile 'role'")]
    [InlineData("web identity", "web identity (AWS_WEB_IDENTITY_TOKEN_FILE)")]
    [InlineData("profile with web identity", "profile 'web'")]
    [InlineData("SSO", "profile 'sso'")]
    [InlineData("container", "the container's role (AWS_CONTAINER_CREDENTIALS_...)")]
    [InlineData("instance", "the instance's role")]
    public async Task Credentials_are_found_where_AWS_Tools_find_them(string place, string source)
    {
        using var proxy = new AwsProxy(await moto.AddressAsync()) { Answer = Platform };
        var environment = Place(place, proxy.Address);

        var (output, error) = await RunAsync("Get-SwarmRegionNode nobody* -Verbose", environment, proxy.Address);

        Assert.True(error.Length == 0, error + output);
        Assert.Contains($"AWS credentials: {source}.", output, StringComparison.Ordinal);
        var signer = proxy.Attempts.Last(attempt => attempt.Action == "DescribeInstances");
        var (key, token) = Expected(place);
        Assert.StartsWith(key, signer.AccessKey, StringComparison.Ordinal);
        Assert.Equal(token is not null, signer.SessionToken is not null);
        if (token is { Length: > 0 })
            Assert.Equal(token, signer.SessionToken);
    }

    [Fact]
    public async Task An_endpoint_from_the_environment_is_asked_in_the_name_of_each_region()
    {
        using var proxy = new AwsProxy(await moto.AddressAsync());
        var environment = Place("environment", proxy.Address);
        environment["AWS_ENDPOINT_URL"] = proxy.Address.AbsoluteUri;

        var (output, error) = await RunAsync("Get-SwarmRegionNode nobody* -Region eu-central-1, ap-south-1", environment, server: null);

        Assert.True(error.Length == 0, error + output);
        Assert.Equal(
            ["ap-south-1", "eu-central-1"],
            proxy.Attempts.Where(attempt => attempt.Action == "DescribeInstances").Select(attempt => attempt.Region).Order()
        );
    }

    [Fact]
    public async Task Without_any_the_error_names_all_ways_to_give_them()
    {
        var (output, _) = await RunAsync(
            "try { Get-SwarmRegionNode nobody* } catch { $_.FullyQualifiedErrorId; $_.ErrorDetails.RecommendedAction }",
            new() { ["AWS_EC2_METADATA_DISABLED"] = "true" },
            new Uri("http://127.0.0.1:9")
        );

        Assert.Contains("AwsCredentialsMissing", output, StringComparison.Ordinal);
        foreach (
            var way in new[]
            {
                "-ProfileName",
                "-AccessKey and -SecretKey",
                "-Credential",
                "Set-AWSCredential",
                "AWS_ACCESS_KEY_ID",
                "AWS_PROFILE",
                "aws configure",
                "aws configure sso",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "an instance or task role",
            }
        )
            Assert.Contains(way, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_SSO_session_that_nobody_logged_in_to_says_how_to()
    {
        var environment = Place("SSO", new Uri("http://127.0.0.1:9"));
        Directory.Delete(Path.Combine(home, ".aws", "sso"), recursive: true);

        var (output, _) = await RunAsync(
            "try { Get-SwarmRegionNode nobody* } catch { $_.FullyQualifiedErrorId; $_.ErrorDetails.RecommendedAction }",
            environment,
            new Uri("http://127.0.0.1:9")
        );

        Assert.Contains("AwsCredentialsUnusable", output, StringComparison.Ordinal);
        Assert.Contains("aws sso login", output, StringComparison.Ordinal);
    }

    /// <summary>What moto has no part of, as AWS documents it: the portal of SSO, and the credentials of a container and of an instance.</summary>
    private static AwsAnswer? Platform(AwsAttempt attempt) =>
        attempt.Path switch
        {
            "/federation/credentials" => new AwsAnswer(200, SsoAnswer, "application/json"),
            "/container" => new AwsAnswer(200, Keys, "application/json"),
            "/latest/api/token" => new AwsAnswer(200, "a-session-of-IMDSv2", "text/plain"),
            "/latest/meta-data/iam/info" => new AwsAnswer(
                200,
                """{"Code": "Success", "LastUpdated": "2026-01-01T00:00:00Z", "InstanceProfileArn": "arn:aws:iam::123456789012:instance-profile/swarm", "InstanceProfileId": "AIPAEXAMPLE"}""",
                "text/plain"
            ),
            "/latest/meta-data/iam/security-credentials/" => new AwsAnswer(200, "swarm", "text/plain"),
            "/latest/meta-data/iam/security-credentials/swarm" => new AwsAnswer(200, InstanceKeys, "text/plain"),
            _ => null,
        };

    private static (string Key, string? Token) Expected(string place) =>
        place switch
        {
            "environment" => ("AKIDENVIRONMENT", "environment-token"),
            "default profile" => ("AKIDDEFAULT", null),
            "named profile" => ("AKIDNAMED", null),
            "SSO" => ("AKIDSSO", "sso-token"),
            "container" => ("AKIDCONTAINER", "container-token"),
            "instance" => ("AKIDINSTANCE", "instance-token"),
            _ => ("ASIA", ""),
        };

    private Dictionary<string, string> Place(string place, Uri server)
    {
        var tokenFile = Write("web-identity-token", "a token of an identity provider");
        var role = "arn:aws:iam::123456789012:role/swarm";
        switch (place)
        {
            case "environment":
                Write(".aws/credentials", "[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = secret\n");
                return new()
                {
                    ["AWS_ACCESS_KEY_ID"] = "AKIDENVIRONMENT",
                    ["AWS_SECRET_ACCESS_KEY"] = "secret",
                    ["AWS_SESSION_TOKEN"] = "environment-token",
                    ["AWS_REGION"] = "eu-west-1",
                };
            case "default profile":
                Write(".aws/credentials", "[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = secret\n");
                return new() { ["AWS_REGION"] = "eu-west-1" };
            case "named profile":
                Write(".aws/credentials", "[named]\naws_access_key_id = AKIDNAMED\naws_secret_access_key = secret\nregion = eu-west-1\n");
                return new() { ["AWS_PROFILE"] = "named" };
            case "assumed role":
                Write(".aws/credentials", "[base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = secret\n");
                Write(".aws/config", $"[profile role]\nrole_arn = {role}\nsource_profile = base\nregion = eu-west-1\n");
                return new() { ["AWS_PROFILE"] = "role", ["AWS_ENDPOINT_URL_STS"] = server.AbsoluteUri };
            case "web identity":
                return new()
                {
                    ["AWS_ROLE_ARN"] = role,
                    ["AWS_WEB_IDENTITY_TOKEN_FILE"] = tokenFile,
                    ["AWS_REGION"] = "eu-west-1",
                    ["AWS_ENDPOINT_URL_STS"] = server.AbsoluteUri,
                };
            case "profile with web identity":
                Write(".aws/config", $"[profile web]\nrole_arn = {role}\nweb_identity_token_file = {tokenFile}\nregion = eu-west-1\n");
                return new() { ["AWS_PROFILE"] = "web", ["AWS_ENDPOINT_URL_STS"] = server.AbsoluteUri };
            case "SSO":
                Write(
                    ".aws/config",
                    "[profile sso]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = swarm\nregion = eu-west-1\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\nsso_registration_scopes = sso:account:access\n"
                );
                // The name of the file that `aws sso login` writes is the SHA-1 of the session's name.
                const string cached = "ee0bfd2552fbd840c02cc48b6e823320543c450f";
                Write(
                    $".aws/sso/cache/{cached}.json",
                    JsonSerializer.Serialize(
                        new
                        {
                            accessToken = "logged in",
                            expiresAt = "2099-01-01T00:00:00Z",
                            region = "eu-west-1",
                            startUrl = "https://corp.awsapps.com/start",
                        }
                    )
                );
                return new() { ["AWS_PROFILE"] = "sso", ["AWS_ENDPOINT_URL_SSO"] = server.AbsoluteUri };
            case "container":
                return new()
                {
                    ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = new Uri(server, "container").AbsoluteUri,
                    ["AWS_REGION"] = "eu-west-1",
                };
            default:
                return new() { ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = server.AbsoluteUri.TrimEnd('/'), ["AWS_REGION"] = "eu-west-1" };
        }
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<(string Output, string Error)> RunAsync(string command, Dictionary<string, string> environment, Uri? server)
    {
        var artifacts = Path.Combine(DocumentedErrorTests.Root, "artifacts");
        var powerShell = Environment.GetEnvironmentVariable("SWARMOPS_PWSH") is { Length: > 0 } given ? given : "pwsh";
        var module = Environment.GetEnvironmentVariable("SWARMOPS_MODULE") is { Length: > 0 } staged
            ? staged
            : Directory.GetFiles(Path.Combine(artifacts, "module"), "SwarmOps.psd1", SearchOption.AllDirectories)[0];
        var endpoint = server is null ? "" : $"$PSDefaultParameterValues = @{{ '*-SwarmRegionNode:EndpointUrl' = '{server}' }}; ";
        var start = new ProcessStartInfo(
            powerShell,
            ["-NoProfile", "-NonInteractive", "-Command", $"Import-Module '{module}'; {endpoint}{command}"]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["HOME"] = home;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        return (await output, error);
    }
}
