using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Edge;

/// <summary>An edge service: one Docker service for each region, constrained to that region's nodes.</summary>
internal static class EdgeRules
{
    /// <summary>The label with the edge service's name, the same in all regions.</summary>
    public const string NameLabel = "swarmops.edge";

    /// <summary>Validates the request before any node is contacted.</summary>
    /// <exception cref="SwarmOpsException"><c>EdgeIngressRefused</c>, <c>EdgePortMissing</c>, <c>EdgeReplicasRefused</c>, <c>EdgeStartFirstRefused</c>, those of <see cref="ServiceRules"/>.</exception>
    public static void Check(ServiceRequest request)
    {
        ServiceRules.Check(request);
        if (request.Ports?.FirstOrDefault(port => !port.OnHost) is { } ingress)
            throw EdgeErrors.EdgeIngressRefused(
                request.Name,
                (ingress.Published > 0 ? $"{ingress.Published}:{ingress.Target}" : $"{ingress.Target}")
                    + (ingress.Protocol == "tcp" ? "" : "/" + ingress.Protocol)
            );
        if (request.Ports is not { Count: > 0 })
            throw EdgeErrors.EdgePortMissing(request.Name);
        if (request.Replicas is not null)
            throw EdgeErrors.EdgeReplicasRefused(request.Name);
        if (request.Update?.Order == SwarmUpdateOrder.StartFirst || request.Rollback?.Order == SwarmUpdateOrder.StartFirst)
            throw EdgeErrors.EdgeStartFirstRefused(request.Name);
    }

    /// <summary>The regions to serve, in update order.</summary>
    /// <param name="name">The service.</param>
    /// <param name="members">The swarm's nodes.</param>
    /// <param name="given">The selected regions; if empty, all regions of the swarm.</param>
    /// <exception cref="SwarmOpsException"><c>EdgeNodeWithoutRegion</c>, <c>EdgeRegionUnknown</c>, <c>EdgeRegionTwice</c>.</exception>
    public static IReadOnlyList<string> Regions(string name, IEnumerable<SwarmPlace> members, IReadOnlyList<string> given)
    {
        var places = members.ToList();
        List<string> known = [.. places.Select(place => place.Region).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        if (given.GroupBy(region => region).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw EdgeErrors.EdgeRegionTwice(twice.Key);
        if (given.FirstOrDefault(region => !known.Contains(region)) is { } unknown)
            throw EdgeErrors.EdgeRegionUnknown(unknown, known);
        if (given.Count > 0)
            return given;
        var without = places
            .Where(place => string.IsNullOrEmpty(place.Region))
            .Select(place => place.Name)
            .Order(StringComparer.Ordinal)
            .ToList();
        return without.Count == 0 ? known : throw EdgeErrors.EdgeNodeWithoutRegion(name, without);
    }

    /// <summary>The name of a region's service.</summary>
    public static string NameIn(string name, string region) => $"{name}-{region}";

    /// <summary>The request for one region.</summary>
    public static ServiceRequest In(ServiceRequest request, string region, bool onePerRegion) =>
        request with
        {
            Name = NameIn(request.Name, region),
            Mode = onePerRegion ? SwarmServiceMode.Replicated : SwarmServiceMode.Global,
            Replicas = onePerRegion ? 1 : null,
            Constraints = [.. request.Constraints ?? [], $"node.labels.region=={region}"],
            Labels = new Dictionary<string, string?>(request.Labels ?? new Dictionary<string, string?>()) { [NameLabel] = request.Name },
            // Clients connect to host ports, so no virtual IP is needed; the edge service's own name is an alias in every region.
            EndpointMode = request.EndpointMode ?? SwarmEndpointMode.Dnsrr,
            Networks = request
                .Networks?.Select(network =>
                    network.Name == "host" ? network : network with { Aliases = [.. network.Aliases.Append(request.Name).Distinct()] }
                )
                .ToList(),
        };
}
