using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Unit;

/// <summary>Each resource of the Engine API is asked by one client, as docs/architecture.md says.</summary>
public sealed partial class EngineClientTests
{
    private const string Typed = "Docker.DotNet",
        Json = "JSON";

    [Fact]
    public void Each_resource_is_asked_by_the_client_that_the_table_names() =>
        Assert.Equal(
            Table().Order(StringComparer.Ordinal),
            Asked().Select(call => $"{call.Resource} {call.Client}").Distinct().Order(StringComparer.Ordinal)
        );

    [Fact]
    public void A_call_of_either_client_is_recognized()
    {
        Assert.Equal([("/nodes", Typed)], Calls("manager.AskAsync(engine => engine.Swarm.ListNodesAsync(token), token)"));
        Assert.Equal(
            [("/swarm", Typed)],
            Calls("connection.TellAsync(engine =>\n    engine.Swarm.LeaveSwarmAsync(parameters, token), token)")
        );
        Assert.Equal(
            [("/services", Json), ("/tasks", Json)],
            Calls("""api.GetAsync("/services?status=true"); api.GetAsync($"/tasks/{id}/logs")""")
        );
        Assert.Empty(Calls("""File.ReadAllText("/etc/services")"""));
    }

    private static IEnumerable<string> Table() =>
        File.ReadLines(Path.Combine(DocumentedErrorTests.Root, "docs", "architecture.md"))
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}");

    private static IEnumerable<(string Resource, string Client)> Asked() =>
        Directory
            .EnumerateFiles(Path.Combine(DocumentedErrorTests.Root, "src", "SwarmOps.Cmdlets"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Calls(File.ReadAllText(file)));

    private static IEnumerable<(string Resource, string Client)> Calls(string source) =>
        [
            .. TypedCall().Matches(source).Select(match => (ResourceOf(match.Groups["group"].Value, match.Groups["method"].Value), Typed)),
            .. JsonPath().Matches(source).Select(match => (match.Groups["resource"].Value, Json)),
        ];

    /// <summary>Docker.DotNet has nodes and services within Swarm, and /info within System.</summary>
    private static string ResourceOf(string group, string method) =>
        (group, method) switch
        {
            ("Swarm", _) when method.Contains("Node", StringComparison.Ordinal) => "/nodes",
            ("Swarm", _) when method.Contains("Service", StringComparison.Ordinal) => "/services",
            ("System", "GetSystemInfo") => "/info",
            _ => "/" + group.ToLowerInvariant(),
        };

    [GeneratedRegex("^\\| `(/[a-z]+)` \\| (Docker\\.DotNet|JSON) \\| [^|]+ \\|$")]
    private static partial Regex Row();

    [GeneratedRegex(
        @"\bengine\s*\.(?<group>Configs|Containers|Exec|Images|Networks|Plugin|Secrets|Swarm|System|Tasks|Volumes)\s*\.(?<method>\w+)Async\("
    )]
    private static partial Regex TypedCall();

    [GeneratedRegex(
        "\"(?<resource>/(?:configs|containers|distribution|events|exec|images|info|networks|nodes|plugins|secrets|services|swarm|system|tasks|volumes))(?=[/?\"])"
    )]
    private static partial Regex JsonPath();
}
