using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Formation;
using SwarmOps.GeoDns.State;
using SwarmOps.Services.Edge;

namespace SwarmOps.Tests.Unit.GeoDns;

/// <summary>A zone over three regions, for tests.</summary>
internal static class GeoDnsZone
{
    public const string Eu = "eu-central-1",
        East = "us-east-1",
        West = "us-west-1";

    public static IReadOnlyList<EdgeMember> SwarmMembers { get; } =
    [
        new("id-eu-1", "eu-1", Eu, "203.0.113.16", true),
        new("id-eu-2", "eu-2", Eu, "203.0.113.17", true),
        new("id-east-1", "east-1", East, "203.0.113.33", true),
        new("id-west-1", "west-1", West, "203.0.113.6", true),
    ];

    public static EdgeFacts Edge { get; } = new([Eu, East, West], 80);

    public static GeoDnsDefinition Definition { get; } = Make(new NewGeoDnsRequest([], "edge.example.org") { Service = "web" });

    /// <summary>What the plan makes of a request, with the addresses to listen on.</summary>
    public static GeoDnsDefinition Make(
        NewGeoDnsRequest request,
        GeoDnsDefinition? present = null,
        IReadOnlyList<EdgeMember>? members = null
    )
    {
        var made = new GeoDnsPlan(request, present, members ?? SwarmMembers).Make(Edge, null, new DateTime(2026, 11, 30));
        return made with
        {
            Servers =
            [
                .. made.Servers.Select(server =>
                    server with
                    {
                        Listen = server.Listen.Length > 0 ? server.Listen : $"10.0.0.{server.Number}",
                    }
                ),
            ],
        };
    }

    /// <summary>A view in which all nodes are healthy but some, and some keys are forced out.</summary>
    public static ServerHealth Health(IEnumerable<string>? down = null, params string[] forced) =>
        new(
            Definition.EdgeNodes.ToDictionary(node => node.Address, node => down?.Contains(node.Name) is not true),
            forced.ToHashSet(StringComparer.Ordinal)
        );
}
