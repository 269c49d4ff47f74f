using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Overlay;

/// <summary>Reads the overlay networks of a swarm, and the state of the NAT rule on its nodes.</summary>
internal static class GetOverlayOperation
{
    /// <summary>Writes the networks with the requested names; all when there are none.</summary>
    /// <param name="context">The context of the cmdlet.</param>
    /// <param name="nodes">Nodes of the swarm.</param>
    /// <param name="names">The names to look for; empty for all.</param>
    /// <param name="includeIngress">Whether to include the ingress network.</param>
    /// <param name="skipNatRepair">Whether to skip the hosts.</param>
    /// <param name="commandTimeout">Time limit for one host.</param>
    /// <param name="throttleLimit">How many nodes are queried at the same time.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmSession"/> and the transport.</exception>
    public static async Task RunAsync(
        IOperationContext context, IReadOnlyList<SwarmNode> nodes, IReadOnlyList<NameFilter> names, bool includeIngress, bool skipNatRepair, TimeSpan commandTimeout, int throttleLimit)
    {
        var swarm = await SwarmSession.OpenAsync(context, nodes, throttleLimit).ConfigureAwait(false);
        var members = OverlayNetworks.Members(context, swarm);
        var all = (await OverlayNetworks.ListAsync(swarm.View.Manager, context.CancellationToken).ConfigureAwait(false))
            .Where(OverlayNetwork.IsOverlay)
            .Select(network => new OverlayNetwork(network))
            .Where(network => includeIngress || !network.IsIngress)
            .ToList();
        foreach (var missing in names.Where(name => !name.IsPattern && !all.Any(network => name.Matches(network.Name))))
            context.WriteError(OverlayErrors.OverlayNotFound(missing.Text, swarm.View.SwarmId));
        var wanted = all
            .Where(network => names.Count == 0 || names.Any(name => name.Matches(network.Name)))
            .OrderBy(network => network.Name, StringComparer.Ordinal)
            .ToList();

        IReadOnlyList<NatRepairState> natRepair = [];
        if (!skipNatRepair && wanted.Any(network => network.Encrypted))
        {
            var repair = new NatRepair(context, throttleLimit, commandTimeout, NatRepair.DataPathPort(swarm));
            natRepair = repair.Describe(members, await repair.ObserveAsync(members).ConfigureAwait(false));
        }

        var described = members.Select(swarm.Describe).ToList();
        foreach (var network in wanted)
            context.WriteObject(network.Describe(swarm.View.SwarmId, network.Encrypted ? natRepair : [], described));
    }
}
