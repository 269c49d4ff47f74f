using System.Text;
using System.Text.Json.Nodes;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Specification;

namespace SwarmOps.Tests.Unit.Services;

public sealed class DockerConfigFileTests : IDisposable
{
    private static readonly string Login = Convert.ToBase64String("me:pass:word"u8);

    private readonly string folder = Directory.CreateTempSubdirectory("docker-config").FullName;
    private readonly string? path = Environment.GetEnvironmentVariable("PATH");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", path);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("registry.example:5000/app:1", "registry.example:5000")]
    [InlineData("localhost/app", "localhost")]
    [InlineData("nginx", "https://index.docker.io/v1/")]
    [InlineData("team/app:1", "https://index.docker.io/v1/")]
    [InlineData("docker.io/team/app", "https://index.docker.io/v1/")]
    [InlineData("index.docker.io/team/app", "https://index.docker.io/v1/")]
    public void The_registry_of_an_image_is_what_docker_login_calls_it(string image, string registry) =>
        Assert.Equal(registry, ImageName.Registry(image));

    /// <summary>Services of one registry get one login: a name that only contains Docker Hub's must not get that of Docker Hub.</summary>
    [Theory]
    [InlineData("nginx:1.27", "docker.io")]
    [InlineData("docker.io/team/app", "docker.io")]
    [InlineData("index.docker.io/team/app", "docker.io")]
    [InlineData("docker.io.example.org/team/app", "docker.io.example.org")]
    [InlineData("registry-1.docker.io/team/app", "registry-1.docker.io")]
    [InlineData("docker.io:5000/app", "docker.io:5000")]
    public void The_registry_of_an_image_has_a_name_for_people(string image, string name) =>
        Assert.Equal(name, ImageName.RegistryName(image));

    [Theory]
    [InlineData("registry.example:5000")]
    [InlineData("https://registry.example:5000")]
    [InlineData("https://registry.example:5000/v1/")]
    public async Task An_entry_is_found_under_the_registrys_name_or_address(string key)
    {
        var header = await HeaderAsync(
            $$"""{ "auths": { "other.example": { "auth": "eDp5" }, "{{key}}": { "auth": "{{Login}}" } } }""",
            "registry.example:5000/app"
        );

        Assert.Equal(
            ("me", "pass:word", "registry.example:5000"),
            ((string?)header["username"], (string?)header["password"], (string?)header["serveraddress"])
        );
    }

    [Fact]
    public async Task An_identity_token_takes_the_place_of_the_password()
    {
        var header = await HeaderAsync(
            $$"""{ "auths": { "r.example": { "auth": "{{Login}}", "identitytoken": "abc" } } }""",
            "r.example/app"
        );

        Assert.Equal("abc", (string?)header["identitytoken"]);
        Assert.Null(header["password"]);
    }

    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""{ "auths": [] }""")]
    [InlineData("""{ "auths": { "r.example": { } } }""")]
    [InlineData("""{ "auths": { "r.example": { "auth": 7 } } }""")]
    [InlineData("""{ "auths": { "r.example": { "auth": "not base64!" } } }""")]
    [InlineData("""{ "auths": { "r.example": null } }""")]
    public async Task One_without_the_credential_says_so(string content)
    {
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => HeaderAsync(content, "r.example/app"));

        Assert.Equal("DockerConfigHasNoCredential", error.ErrorId);
        Assert.Contains("r.example", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[ 1 ]""")]
    [InlineData("""not json""")]
    public async Task What_is_no_config_file_is_refused(string content) =>
        Assert.Equal(
            "DockerConfigNotReadable",
            (await Assert.ThrowsAsync<SwarmOpsException>(() => HeaderAsync(content, "r.example/app"))).ErrorId
        );

    [Fact]
    public async Task A_registrys_own_helper_is_asked_before_the_store()
    {
        Helper(
            "mine",
            """read -r registry; [ "$1 $registry" = "get r.example" ] && printf '{"ServerURL":"r.example","Username":"AWS","Secret":"s3cret"}'"""
        );
        Helper("store", "exit 1");

        var header = await HeaderAsync("""{ "credsStore": "store", "credHelpers": { "r.example": "mine" } }""", "r.example/app");

        Assert.Equal(("AWS", "s3cret"), ((string?)header["username"], (string?)header["password"]));
    }

    [Fact]
    public async Task A_helper_may_give_an_identity_token()
    {
        Helper("mine", """printf '{"Username":"<token>","Secret":"abc"}'""");

        var header = await HeaderAsync("""{ "credsStore": "mine" }""", "r.example/app");

        Assert.Equal("abc", (string?)header["identitytoken"]);
        Assert.Null(header["username"]);
    }

    [Fact]
    public async Task What_the_helper_does_not_have_may_be_in_the_file()
    {
        Helper("mine", "echo credentials not found in native keychain; exit 1");

        var header = await HeaderAsync(
            $$"""{ "credsStore": "mine", "auths": { "r.example": { "auth": "{{Login}}" } } }""",
            "r.example/app"
        );

        Assert.Equal("me", (string?)header["username"]);
    }

    [Theory]
    [InlineData("echo the secret is xyz; exit 3", "exit code 3")]
    [InlineData("echo xyz", "no user name")]
    [InlineData("""echo '{"Username":"","Secret":"xyz"}'""", "no user name")]
    public async Task A_helper_that_fails_is_named_and_what_it_said_is_not(string script, string why)
    {
        Helper("mine", script);

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => HeaderAsync("""{ "credsStore": "mine" }""", "r.example/app"));

        Assert.Equal("CredentialHelperFailed", error.ErrorId);
        Assert.Contains("docker-credential-mine", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("xyz", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("../../tmp/x")]
    [InlineData("a b")]
    public async Task A_helper_that_is_not_there_or_no_name_is_refused(string name) =>
        Assert.Equal(
            "CredentialHelperFailed",
            (await Assert.ThrowsAsync<SwarmOpsException>(() => HeaderAsync($$"""{ "credsStore": "{{name}}" }""", "r.example/app"))).ErrorId
        );

    [Fact]
    public void A_credential_does_not_print_what_is_secret() =>
        Assert.DoesNotContain("pass", new RegistryCredential("r.example", "me", "password", null).ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task A_pull_says_how_far_it_is_and_why_it_failed()
    {
        var said = new List<string>();
        using var good = new StringReader(
            """
            {"status":"Pulling from app","id":"1"}
            {"status":"Downloading","progressDetail":{"current":1000000,"total":4000000},"id":"a"}
            {"status":"Downloading","progressDetail":{"current":3000000,"total":6000000},"id":"b"}
            {"status":"Extracting","progressDetail":{"current":1,"total":2},"id":"a"}
            """
        );
        using var bad = new StringReader(
            """{"status":"Pulling"}""" + "\n" + """{"errorDetail":{"message":"disk full"},"error":"disk full"}"""
        );

        Assert.Null(await NodeImage.FollowAsync(good, said.Add, TestContext.Current.CancellationToken));
        Assert.Equal(["1 of 4 MB", "4 of 10 MB"], said);
        Assert.Equal("disk full", await NodeImage.FollowAsync(bad, said.Add, TestContext.Current.CancellationToken));
    }

    private async Task<JsonNode> HeaderAsync(string content, string image)
    {
        var file = Path.Combine(folder, "config.json");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        var header = await RegistryLogin.OfFile(file).HeaderAsync(image, TestContext.Current.CancellationToken);
        return JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(header.Replace('-', '+').Replace('_', '/'))))!;
    }

    private void Helper(string name, string script)
    {
        var file = Path.Combine(folder, $"docker-credential-{name}");
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{folder}:{path}");
    }
}
