using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Formation;
using SwarmOps.GeoDns.Running;
using SwarmOps.Pipeline;
using SwarmOps.Services.Edge;
using SwarmOps.Swarm.Access;

namespace SwarmOps.GeoDns.Drain;

/// <summary>Takes regions or nodes of an edge service out of DNS, or back into it, in every zone that points to the service.</summary>
internal sealed class SetEdgeOperation(IOperationContext context, SetEdgeRequest request)
{
    /// <summary>Runs the operation and writes each zone to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="GeoDnsErrors"/>, of services and the transport.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var zones = await GeoDnsZones.ReadAsync(swarm).ConfigureAwait(false);
        var own = zones.Names.Select(zones.DefinitionOf).OfType<GeoDnsDefinition>().Where(zone => zone.Service == request.Service).ToList();
        if (own.Count == 0)
            throw EdgeFacts.Names(zones.AllServices).Contains(request.Service)
                ? GeoDnsErrors.EdgeHasNoZone(request.Service)
                : GeoDnsErrors.GeoDnsEdgeNotFound(request.Service, EdgeFacts.Names(zones.AllServices));
        foreach (var zone in own)
            Check(zone);
        foreach (var zone in own)
            await new EdgeDrain(context, swarm, zones, request).RunAsync(zone, Changed(zone)).ConfigureAwait(false);
    }

    private void Check(GeoDnsDefinition zone)
    {
        List<string> regions = [.. zone.Regions.Select(region => region.Name)];
        if (request.Regions.FirstOrDefault(region => !regions.Contains(region)) is { } unknown)
            throw GeoDnsErrors.GeoDnsRegionUnknown(unknown, regions);
        List<string> nodes = [.. zone.EdgeNodes.Select(node => node.Name)];
        if (request.NodeNames.FirstOrDefault(node => !nodes.Contains(node)) is { } stranger)
            throw GeoDnsErrors.GeoDnsNodeUnknown(stranger, nodes);
    }

    private GeoDnsDefinition Changed(GeoDnsDefinition zone) =>
        GeoDnsPlan.Numbered(
            zone with
            {
                RegionsOut = Changed(zone.RegionsOut, request.Regions),
                // An update that was interrupted leaves its mark, which goes when an admin brings the region back.
                RegionsUpdating = request.IsOut ? zone.RegionsUpdating : [.. zone.RegionsUpdating.Except(request.Regions)],
                NodesOut = Changed(zone.NodesOut, request.NodeNames),
            },
            zone,
            DateTime.UtcNow
        );

    private string[] Changed(IReadOnlyList<string> present, IReadOnlyList<string> names) =>
        [.. (request.IsOut ? present.Union(names) : present.Except(names)).Order(StringComparer.Ordinal)];
}
