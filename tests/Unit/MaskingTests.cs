using System.Text.Json.Nodes;
using SwarmOps.Services.Specification;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>What may be a secret is in no sentence for people; what is not one can still be read.</summary>
public sealed class MaskingTests
{
    private const string Canary = "canary-3f9a71c2";

    [Theory]
    [InlineData($"MYSQL_PASSWORD={Canary}", "MYSQL_PASSWORD=***")]
    [InlineData($"--password {Canary} --verbose", "--password *** --verbose")]
    [InlineData($"--db-password={Canary}", "--db-password=***")]
    [InlineData($"password: {Canary}, user: bob", "password: ***, user: bob")]
    [InlineData($$"""{"apiKey": "{{Canary}}", "region":"eu"}""", """{"apiKey": ***, "region":"eu"}""")]
    [InlineData($"splunk-token={Canary}", "splunk-token=***")]
    [InlineData($"cannot connect to mysql://app:{Canary}@db/shop", "cannot connect to mysql://***@db/shop")]
    [InlineData($"Authorization: Bearer {Canary}{Canary}", "Authorization: ***")]
    [InlineData($"CREATE USER a IDENTIFIED BY '{Canary}'", "CREATE USER a IDENTIFIED BY '***'")]
    [InlineData($"-----BEGIN PRIVATE KEY-----\n{Canary}\n-----END PRIVATE KEY-----", "***")]
    public void A_credential_in_text_is_masked_and_the_rest_stays(string text, string expected)
    {
        var masked = Masking.Text(text);
        Assert.DoesNotContain(Canary, masked, StringComparison.Ordinal);
        if (!text.StartsWith("Authorization", StringComparison.Ordinal))
            Assert.Equal(expected, masked);
    }

    [Theory]
    [InlineData("unauthorized: authentication required")]
    [InlineData("Access denied for user 'root'@'localhost' (using password: YES)")]
    [InlineData("manifest for lab/none:latest not found: manifest unknown")]
    [InlineData("no suitable node (scheduling constraints not satisfied on 3 nodes)")]
    [InlineData("exec: \"nosuchprogram\": executable file not found in $PATH: unknown")]
    [InlineData("2026-01-01 [ERROR] WSREP: failed to open gcomm backend connection: 110: failed to reach primary view")]
    [InlineData("port 443 is in use")]
    public void What_is_no_secret_can_be_read(string text) => Assert.Equal(text, Masking.Text(text));

    public static TheoryData<string, string> SecretPlaces =>
        new()
        {
            { "TaskTemplate.ContainerSpec.Env", $$"""["OLD=1", "NAME={{Canary}}"]""" },
            { "TaskTemplate.ContainerSpec.Args", $$"""["run", "{{Canary}}"]""" },
            { "TaskTemplate.ContainerSpec.Command", $$"""["sh", "-c", "start {{Canary}}"]""" },
            { "TaskTemplate.ContainerSpec.Healthcheck.Test", $$"""["CMD-SHELL", "curl -u {{Canary}} localhost"]""" },
            { "TaskTemplate.LogDriver.Options.splunk-token", $"\"{Canary}\"" },
            { "TaskTemplate.LogDriver.Options.anything", $"\"{Canary}\"" },
            { "Labels.app-token", $"\"{Canary}\"" },
            { "Labels.traefik/http/auth/users", $"\"admin:$apr1${Canary}\"" },
            { "TaskTemplate.ContainerSpec.Labels.db-password", $"\"{Canary}\"" },
            { "Labels.url", $"\"https://user:{Canary}@host/\"" },
            {
                "TaskTemplate.ContainerSpec.Mounts",
                $$"""[{"Type":"volume","Target":"/d","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"o":"username=a,password={{Canary}}"} } } }]"""
            },
            { "TaskTemplate.ContainerSpec.SomethingNew", $"\"{Canary}\"" },
            { "TaskTemplate.PluginSpec.Env", $$"""["NAME={{Canary}}"]""" },
        };

    [Theory]
    [MemberData(nameof(SecretPlaces))]
    public void A_value_that_may_be_secret_is_in_no_difference_and_its_place_is_named(string path, string json)
    {
        var with = With(path, JsonNode.Parse(json));
        var changed = With(path, JsonNode.Parse(json.Replace(Canary, Canary + "x", StringComparison.Ordinal)));
        foreach (var (before, after) in new[] { (With(path, null), with), (with, With(path, null)), (with, changed) })
        {
            var differences = SpecDifferences.List(before, after);
            Assert.NotEmpty(differences);
            Assert.All(differences, difference => Assert.DoesNotContain(Canary, difference, StringComparison.Ordinal));
            Assert.Contains(
                differences,
                difference =>
                    difference.Contains(path.Split('.')[^1], StringComparison.Ordinal)
                    || path.Contains("LogDriver", StringComparison.Ordinal)
                    || path.Contains("PluginSpec", StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public void Counts_images_and_places_are_shown()
    {
        var before = Spec();
        var after = Spec();
        after["Mode"]!["Replicated"]!["Replicas"] = 5;
        after["TaskTemplate"]!["ContainerSpec"]!["Image"] = "shop:2";
        after["Labels"] = new JsonObject { ["traefik.enable"] = "true" };
        var all = string.Join('\n', SpecDifferences.List(before, after));
        foreach (var shown in new[] { "5", "shop:2", "traefik.enable: true" })
            Assert.Contains(shown, all, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SecretPlaces))]
    public void What_an_engine_or_container_quotes_of_a_service_is_masked(string path, string json)
    {
        Assert.SkipWhen(
            path.Contains("SomethingNew", StringComparison.Ordinal)
                || path.Contains("PluginSpec", StringComparison.Ordinal)
                || path.StartsWith("Labels.url", StringComparison.Ordinal)
                || path.StartsWith("Labels.traefik", StringComparison.Ordinal),
            "Not a value that stands alone."
        );
        var known = SpecSecrets.Known(With(path, JsonNode.Parse(json)));
        var quoted = json.Trim('"', '[', ']').Split('"').First(word => word.Contains(Canary, StringComparison.Ordinal)).Split("NAME=")[^1];
        Assert.DoesNotContain(Canary, Masking.Text($"exec failed: {quoted}: not found", known), StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_of_a_service_stays_readable_in_errors()
    {
        var known = SpecSecrets.Known(With("TaskTemplate.ContainerSpec.Args", new JsonArray("nosuchprogram", "--port", "8080", Canary)));
        Assert.Equal(
            "exec: \"nosuchprogram\": not found (8080, ***)",
            Masking.Text($"exec: \"nosuchprogram\": not found (8080, {Canary})", known)
        );
    }

    private static JsonObject Spec() =>
        JsonNode
            .Parse("""{"Name":"web","Mode":{"Replicated":{"Replicas":2}},"TaskTemplate":{"ContainerSpec":{"Image":"shop:1"}}}""")!
            .AsObject();

    private static JsonObject With(string path, JsonNode? value)
    {
        var spec = Spec();
        if (value is null)
            return spec;
        var parts = path.Split('.');
        var at = spec;
        foreach (var part in parts[..^1])
            at = (at[part] ??= new JsonObject()).AsObject();
        at[parts[^1]] = value.DeepClone();
        return spec;
    }
}
