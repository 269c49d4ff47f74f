using System.Text.RegularExpressions;

namespace SwarmOps.Galera.Formation;

/// <summary>Selects the hosts of a node set that run a Galera node.</summary>
internal static partial class GaleraPlacement
{
    /// <summary>
    /// One host per region, or all hosts. A region that already has a Galera node keeps its host, its segment and its position; others follow.
    /// </summary>
    /// <param name="request">The cluster.</param>
    /// <param name="nodes">The node set and its state in the swarm.</param>
    /// <param name="present">The host of each region that has a service.</param>
    /// <exception cref="SwarmOpsException"><c>GaleraNodeWithoutRegion</c>, <c>GaleraRegionUnknown</c>, <c>GaleraRegionNameInvalid</c>, <c>GaleraNodeNotUsable</c>, and those of the count.</exception>
    public static IReadOnlyList<GaleraPlace> Decide(
        GaleraRequest request,
        IReadOnlyList<SwarmNode> nodes,
        IReadOnlyDictionary<string, string> present
    )
    {
        var places = request.Layout == GaleraLayout.Global ? Everywhere(request, nodes) : OnePerRegion(request, nodes, present);
        GaleraRules.CheckCount(places);
        if (places.FirstOrDefault(place => !IsUsable(place.Node)) is { } unusable)
            throw GaleraErrors.GaleraNodeNotUsable(unusable.Node.Name);
        return places;
    }

    private static List<GaleraPlace> Everywhere(GaleraRequest request, IReadOnlyList<SwarmNode> nodes) =>
        [.. nodes.Select(node => new GaleraPlace(node, node.Region, 0, request.Name))];

    private static List<GaleraPlace> OnePerRegion(
        GaleraRequest request,
        IReadOnlyList<SwarmNode> nodes,
        IReadOnlyDictionary<string, string> present
    )
    {
        if (request.Regions.Count == 0 && nodes.FirstOrDefault(node => string.IsNullOrEmpty(node.Region)) is { } lost)
            throw GaleraErrors.GaleraNodeWithoutRegion(lost);
        var known = nodes.Select(node => node.Region).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        foreach (var region in request.Regions.Where(region => !known.Contains(region)))
            throw GaleraErrors.GaleraRegionUnknown(region, known);
        IReadOnlyList<string> wanted = request.Regions.Count > 0 ? [.. request.Regions.Distinct(StringComparer.Ordinal)] : known;
        if (request.Arbitrator is { } arbitrator)
        {
            if (!known.Contains(arbitrator))
                throw GaleraErrors.GaleraRegionUnknown(arbitrator, known);
            wanted = [.. wanted, arbitrator];
        }

        var ordered = present
            .Keys.Concat(wanted.Distinct(StringComparer.Ordinal).Where(region => !present.ContainsKey(region)))
            .Where(known.Contains);
        return [.. ordered.Select((region, index) => Place(request, nodes, region, index, present.GetValueOrDefault(region)))];
    }

    private static GaleraPlace Place(GaleraRequest request, IReadOnlyList<SwarmNode> nodes, string region, int index, string? host)
    {
        if (!RegionPattern().IsMatch(region))
            throw GaleraErrors.GaleraRegionNameInvalid(region);
        var own = nodes.Where(node => node.Region == region).ToList();
        var chosen = own.Find(node => node.Name == host) ?? own.Find(IsUsable) ?? own[0];
        return new GaleraPlace(chosen, region, index, GaleraNames.Service(request.Name, region), region == request.Arbitrator);
    }

    private static bool IsUsable(SwarmNode node) =>
        node is { Availability: null or SwarmNodeAvailability.Active, State: null or SwarmNodeState.Ready };

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9-]{0,28}[A-Za-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegionPattern();
}
