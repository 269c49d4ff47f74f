using SwarmOps.Monitoring.Definition;
using SwarmOps.Monitoring.Formation;
using SwarmOps.Services.Edge;

namespace SwarmOps.Tests.Unit.Monitoring;

/// <summary>A swarm of three managers over three regions, with an edge service and a database, for tests.</summary>
internal static class MonitoringGrounds
{
    public const string Eu = "eu-central-1",
        East = "us-east-1",
        West = "us-west-1";

    public static MonitoringGround Ground { get; } =
        new(
            [
                new("id-eu-1", "eu-1", Eu, "203.0.113.16", true),
                new("id-east-1", "east-1", East, "203.0.113.33", true),
                new("id-west-1", "west-1", West, "203.0.113.6", true),
            ],
            new Dictionary<string, string>
            {
                ["id-eu-1"] = "203.0.113.16:2377",
                ["id-east-1"] = "203.0.113.33:2377",
                ["id-west-1"] = "203.0.113.6:2377",
            },
            name => name == "web" ? new EdgeFacts([Eu, East], 80) : null,
            ["web"],
            [
                new("galera", 2, [new("galera-eu-central-1", Eu, "internal"), new("galera-us-east-1", East, "internal")]),
                new("everywhere", 1, []),
            ],
            TimeSpan.FromDays(90)
        );

    public static NewMonitoringRequest Request { get; } =
        new([], "monitoring", "internal")
        {
            EdgeServices = ["web"],
            EdgePath = "/ready",
            EdgeHost = "shop.example.org",
            Urls = ["https://shop.example.org/"],
            Galera = ["galera"],
        };

    public static MonitoringDefinition Definition { get; } = Make(Request);

    /// <summary>What the plan makes of a request.</summary>
    public static MonitoringDefinition Make(
        NewMonitoringRequest request,
        MonitoringDefinition? present = null,
        MonitoringGround? ground = null
    ) => new MonitoringPlan(request, present, ground ?? Ground).Make();
}
