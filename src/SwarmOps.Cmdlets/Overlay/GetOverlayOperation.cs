using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Overlay;

/// <summary>Reads the overlay networks of a swarm, and the state of the NAT rule on its nodes.</summary>
internal sealed class GetOverlayOperation(IOperationContext context, GetOverlayRequest request)
{
    /// <summary>Writes the networks with the requested names; all when there are none.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmSession"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        var members = OverlayNetworks.Members(context, swarm);
        var all = (await OverlayNetworks.OverlaysAsync(swarm.View.Manager, context.CancellationToken).ConfigureAwait(false))
            .Where(network => request.IncludeIngress || !network.IsIngress)
            .ToList();
        var wanted = request
            .Names.Choose(context, all, network => network.Name, name => OverlayErrors.OverlayNotFound(name, swarm.View.SwarmId))
            .OrderBy(network => network.Name, StringComparer.Ordinal)
            .ToList();

        IReadOnlyList<NatRepairState> natRepair = [];
        if (!request.SkipNatRepair && wanted.Any(network => network.Encrypted))
        {
            var repair = new NatRepair(context, request.ThrottleLimit, request.Timeout, NatRepair.DataPathPort(swarm));
            natRepair = repair.Describe(members, await repair.ObserveAsync(members).ConfigureAwait(false));
        }

        var described = members.Select(swarm.Describe).ToList();
        foreach (var network in wanted)
            context.WriteObject(network.Describe(swarm.View.SwarmId, network.Encrypted ? natRepair : [], described));
    }
}
