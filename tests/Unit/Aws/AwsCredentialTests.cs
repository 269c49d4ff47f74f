using System.Security;

namespace SwarmOps.Tests.Unit;

/// <summary>Which credentials sign the calls: those of parameters and of the session. What EC2 sees is what counts.</summary>
public sealed class AwsCredentialTests(AwsMotoServer moto) : IDisposable
{
    private const string Ask = "Get-SwarmRegionNode nobody* -EndpointUrl $server -Verbose -Region eu-west-1";

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("-AccessKey AKIDPARAMETER -SecretKey secret", "AKIDPARAMETER", null, "-AccessKey and -SecretKey")]
    [InlineData("-AK AKIDALIAS -SK secret -ST token", "AKIDALIAS", "token", "-AccessKey and -SecretKey")]
    [InlineData("-ProfileName static -ProfileLocation $file", "AKIDSTATIC", null, "profile 'static'")]
    [InlineData("-StoredCredentials session -ProfilesLocation $file", "AKIDSESSION", "profile-token", "profile 'session'")]
    [InlineData("-ProfileName program -ProfileLocation $file", "AKIDPROGRAM", "program-token", "profile 'program'")]
    [InlineData("-Credential $credential", "AKIDLOGIN", null, "-Credential")]
    [InlineData("-Credential $sts", "ASIASTSSTSSTSSTSSTS0", "sts-token", "-Credential")]
    [InlineData("-Credential $sts.Credentials", "ASIASTSSTSSTSSTSSTS0", "sts-token", "-Credential")]
    [InlineData(
        "-AccessKey AKIDPARAMETER -SecretKey secret -ProfileName static -ProfileLocation $file -Credential $credential",
        "AKIDPARAMETER",
        null,
        "-AccessKey and -SecretKey"
    )]
    [InlineData("-ProfileName static -ProfileLocation $file -Credential $credential", "AKIDSTATIC", null, "profile 'static'")]
    public async Task Parameters_are_those_of_AWS_Tools_and_have_its_order(
        string parameters,
        string accessKey,
        string? token,
        string source
    )
    {
        using var session = new AwsSession();
        using var proxy = new AwsProxy(await moto.AddressAsync());
        // The session's own come after all parameters.
        session.Run("$StoredAWSCredentials = [pscustomobject]@{ AccessKey = 'AKIDSTORED'; SecretKey = 'secret' }").ThrowOnError();

        var result = session
            .Run($"{Ask} {parameters}", ("server", proxy.Address), ("file", WriteProfiles()), ("credential", Login()), ("sts", Sts()))
            .ThrowOnError();

        Assert.Equal((accessKey, token), Signer(proxy));
        Assert.Contains($"AWS credentials: {source}.", result.Verbose);
        Assert.DoesNotContain(result.Verbose, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stored_credentials_and_region_of_the_session_are_honoured_whatever_their_form()
    {
        using var session = new AwsSession();
        using var proxy = new AwsProxy(await moto.AddressAsync());
        const string whereStored = "Sync-SwarmFirewall nobody -EndpointUrl $server -Verbose";
        session
            .Run(
                "$StoredAWSRegion = 'ap-southeast-2'; $StoredAWSCredentials = [pscustomobject]@{ AccessKey = 'AKIDSTORED'; SecretKey = 'secret'; Token = 'stored-token' }"
            )
            .ThrowOnError();

        var stored = session.Run(whereStored, ("server", proxy.Address));

        Assert.Equal(["FirewallNotFound"], stored.ErrorIds);
        Assert.Equal(("AKIDSTORED", "stored-token"), Signer(proxy));
        // The list of regions is asked for in the session's region.
        Assert.Contains(
            stored.Verbose,
            line =>
                line.StartsWith("AWS calls in ap-southeast-2: 3 (", StringComparison.Ordinal)
                && line.Contains("DescribeRegions 1", StringComparison.Ordinal)
        );

        // What AWS.Tools itself says the session's credentials are goes before what its variable holds.
        session.Run("function Get-AWSCredential { [pscustomobject]@{ AccessKey = 'AKIDCOMMAND'; SecretKey = 'secret' } }").ThrowOnError();
        session.Run(Ask, ("server", proxy.Address)).ThrowOnError();
        Assert.Equal("AKIDCOMMAND", Signer(proxy).AccessKey);

        session
            .Run(
                "[void] $ExecutionContext.SessionState.InvokeProvider.Item.Remove('function:Get-AWSCredential', $false); $StoredAWSCredentials = 'static'"
            )
            .ThrowOnError();
        session.Run($"{Ask} -ProfileLocation $file", ("server", proxy.Address), ("file", WriteProfiles())).ThrowOnError();
        Assert.Equal("AKIDSTATIC", Signer(proxy).AccessKey);

        session.Run("$StoredAWSCredentials = 'gone'").ThrowOnError();
        Assert.Equal(["AwsProfileNotFound"], session.Run($"{Ask} -ProfileLocation $file").ErrorIds);
        session.Run("$StoredAWSCredentials = 42").ThrowOnError();
        Assert.Equal(["AwsCredentialsUnusable"], session.Run(Ask).ErrorIds);
    }

    [Fact]
    public async Task What_is_incomplete_or_holds_no_keys_is_refused_before_EC2_is_asked()
    {
        using var session = new AwsSession();
        using var proxy = new AwsProxy(await moto.AddressAsync());
        session.Run("$server = $address; $file = $path", ("address", proxy.Address), ("path", WriteProfiles())).ThrowOnError();

        Assert.Equal(["AccessKeyIncomplete"], session.Run($"{Ask} -AccessKey AKID").ErrorIds);
        Assert.Equal(["AccessKeyIncomplete"], session.Run($"{Ask} -SessionToken token").ErrorIds);
        var missing = Assert.Single(session.Run($"{Ask} -ProfileName nobody -ProfileLocation $file").Errors);
        Assert.StartsWith("AwsProfileNotFound", missing.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("static", missing.Exception.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "ParameterArgumentTransformationError",
            Assert.Single(session.Run($"{Ask} -Credential (Get-Command Get-Help)").Errors).FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
        Assert.Equal(["AwsCredentialsUnusable"], session.Run($"{Ask} -ProfileName broken -ProfileLocation $file").ErrorIds);
        Assert.Empty(proxy.Attempts);
    }

    private static (string AccessKey, string? Token) Signer(AwsProxy proxy)
    {
        var last = proxy.Attempts.Last();
        return (last.AccessKey, last.SessionToken);
    }

    private string WriteProfiles()
    {
        var path = Path.Combine(folder, "credentials");
        File.WriteAllText(
            path,
            """
            [static]
            aws_access_key_id = AKIDSTATIC
            aws_secret_access_key = secret
            [session]
            aws_access_key_id = AKIDSESSION
            aws_secret_access_key = secret
            aws_session_token = profile-token
            [program]
            credential_process = echo '{"Version": 1, "AccessKeyId": "AKIDPROGRAM", "SecretAccessKey": "secret", "SessionToken": "program-token", "Expiration": "2099-01-01T00:00:00Z"}'
            [broken]
            credential_process = echo no keys
            """
        );
        return path;
    }

    private static System.Management.Automation.PSCredential Login()
    {
        var secret = new SecureString();
        foreach (var character in "secret")
            secret.AppendChar(character);
        return new System.Management.Automation.PSCredential("AKIDLOGIN", secret);
    }

    /// <summary>What STS answers, and Use-STSRole gives, in the types of this process' copy of the SDK.</summary>
    private static Amazon.SecurityToken.Model.AssumeRoleResponse Sts() =>
        new()
        {
            Credentials = new Amazon.SecurityToken.Model.Credentials
            {
                AccessKeyId = "ASIASTSSTSSTSSTSSTS0",
                SecretAccessKey = "secret",
                SessionToken = "sts-token",
                Expiration = DateTime.UtcNow.AddHours(1),
            },
        };
}
