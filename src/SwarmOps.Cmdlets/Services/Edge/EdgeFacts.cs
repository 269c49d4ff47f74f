using SwarmOps.Services.Running;

namespace SwarmOps.Services.Edge;

/// <summary>What is known of an edge service: its regions, and the port that clients connect to.</summary>
/// <param name="Regions">The regions that have a service of it, by name.</param>
/// <param name="Port">The first TCP port that it publishes; 0 when it publishes none.</param>
internal sealed record EdgeFacts(IReadOnlyList<string> Regions, int Port)
{
    private const string RegionConstraint = "node.labels.region==";

    /// <summary>The names of all edge services.</summary>
    public static IReadOnlyList<string> Names(IEnumerable<ServiceState> services) =>
        [
            .. services
                .Select(service => service.Labels.GetValueOrDefault(EdgeRules.NameLabel, ""))
                .Where(name => name.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Finds an edge service among all services; null when there is none of that name.</summary>
    public static EdgeFacts? Find(string name, IReadOnlyList<ServiceState> services)
    {
        var own = services.Where(service => service.Labels.GetValueOrDefault(EdgeRules.NameLabel) == name).ToList();
        if (own.Count == 0)
            return null;
        return new EdgeFacts(
            [.. own.Select(RegionOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            own.SelectMany(Ports).FirstOrDefault()
        );
    }

    /// <summary>The region of one of its services; null when it has no such constraint.</summary>
    public static string? RegionOf(ServiceState service) =>
        service
            .Constraints.Select(text => text.Replace(" ", "", StringComparison.Ordinal))
            .FirstOrDefault(text => text.StartsWith(RegionConstraint, StringComparison.Ordinal))
            ?[RegionConstraint.Length..];

    private static IEnumerable<int> Ports(ServiceState service) =>
        (service.Spec["EndpointSpec"]?["Ports"] as System.Text.Json.Nodes.JsonArray ?? [])
            .Where(port => (string?)port?["Protocol"] is null or "tcp" && (string?)port?["PublishMode"] == "host")
            .Select(port => (int?)port?["PublishedPort"] ?? 0)
            .Where(port => port > 0);
}
