using System.Text.Json.Nodes;
using SwarmOps.Services.Specification;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>Two documents differ when the engine keeps different things of them, and only then.</summary>
public class SpecDifferencesTests
{
    [Theory]
    [InlineData("Labels", """{}""", """{"traefik.enable":"false"}""", "Labels.traefik.enable: false")]
    [InlineData("Labels", """{"a":"0"}""", """{"a":"false"}""", "Labels.a: 0 -> false")]
    [InlineData("Labels", """{"a":""}""", """{}""", "Labels.a: removed (was '')")]
    [InlineData(
        "TaskTemplate.ContainerSpec.Sysctls",
        """{"net.ipv4.ip_forward":"1"}""",
        """{"net.ipv4.ip_forward":"0"}""",
        "Sysctls.net.ipv4.ip_forward: 1 -> 0"
    )]
    [InlineData("TaskTemplate.ContainerSpec.Init", "null", "false", "Init: false")]
    [InlineData("TaskTemplate.ContainerSpec.Env", """["A=1","B=2"]""", """["B=2","A=1"]""", "Env: order changed")]
    [InlineData("TaskTemplate.ContainerSpec.Env", """["A=1"]""", """["A=1","A=2"]""", "Env A: changed")]
    [InlineData(
        "TaskTemplate.Resources.Limits",
        """{"MemoryBytes":67108864}""",
        """{"MemoryBytes":0}""",
        "Resources.Limits.MemoryBytes: removed (was 67108864)"
    )]
    [InlineData("TaskTemplate.NewOfThisYear", "null", "false", "NewOfThisYear: new")]
    [InlineData(
        "Mode",
        """{"Replicated":{"Replicas":2}}""",
        """{"Replicated":{"Replicas":0}}""",
        "Mode: Replicated (Replicas 2) -> Replicated (Replicas 0)"
    )]
    [InlineData("Mode", """{"Replicated":{}}""", """{"Replicated":{"Replicas":1}}""", null)]
    [InlineData("Labels", "null", "{}", null)]
    [InlineData("TaskTemplate.ContainerSpec.TTY", "null", "false", null)]
    [InlineData("TaskTemplate.ContainerSpec.Args", "null", "[]", null)]
    [InlineData("UpdateConfig.Monitor", "0", "null", null)]
    [InlineData("UpdateConfig.MaxFailureRatio", "0.12345678901", "0.123456791", null)]
    [InlineData("EndpointSpec.Mode", "\"vip\"", "\"\"", null)]
    public void A_value_differs_by_what_the_engine_keeps_of_its_field(string path, string before, string after, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], SpecDifferences.List(Document(path, before), Document(path, after)));

    [Fact]
    public void An_argument_with_a_comma_is_not_two_arguments() =>
        Assert.Single(
            SpecDifferences.List(
                Document("TaskTemplate.ContainerSpec.Args", """["a, b"]"""),
                Document("TaskTemplate.ContainerSpec.Args", """["a","b"]""")
            )
        );

    [Fact]
    public void Any_two_documents_differ_when_the_engine_keeps_different_things_of_them_and_only_then()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SWARMOPS_SEED"), out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"SWARMOPS_SEED={seed}");
        var generator = new SpecGenerator(seed);
        var (alike, different) = (0, 0);
        for (var count = 0; count < 20_000; count++)
        {
            var one = generator.Create();
            var other = generator.Vary(one);
            var isAlike = EngineModel.Keep(one).ToJsonString() == EngineModel.Keep(other).ToJsonString();
            var found = SpecDifferences.List(one, other);
            Assert.True(
                isAlike == (found.Count == 0),
                $"seed {seed}, pair {count}, alike: {isAlike}, found: {string.Join("; ", found)}\n{one.ToJsonString()}\n{other.ToJsonString()}"
            );
            Assert.Empty(SpecDifferences.List(EngineModel.Keep(one), one));
            (alike, different) = isAlike ? (alike + 1, different) : (alike, different + 1);
        }

        Assert.True(alike > 1000 && different > 1000, $"{alike} alike, {different} different: the documents prove nothing.");
    }

    private static JsonObject Document(string path, string value)
    {
        var root = new JsonObject();
        var at = root;
        var names = path.Split('.');
        foreach (var name in names[..^1])
            at = at.Child(name);
        at[names[^1]] = JsonNode.Parse(value);
        return root;
    }
}
