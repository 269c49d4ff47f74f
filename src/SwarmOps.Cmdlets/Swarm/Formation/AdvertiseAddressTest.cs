using SwarmOps.Nodes;
using SwarmOps.Nodes.Reachability;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Formation;

/// <summary>Tests, before anything is changed, that nodes can be reached at the addresses that they will advertise.</summary>
internal static class AdvertiseAddressTest
{
    /// <summary>The ports of a future manager: its control plane and the gossip of all nodes.</summary>
    private static readonly int[] Ports = [SwarmPorts.Control, SwarmPorts.Gossip];

    /// <summary>Throws when a node cannot be reached at its advertise address.</summary>
    /// <exception cref="SwarmOpsException"><c>AdvertiseAddressUnreachable</c>.</exception>
    public static async Task RefuseUnreachableAsync(IOperationContext context, SwarmNode target, IReadOnlyList<SwarmNode> from)
    {
        var unreachable = await FindUnreachableAsync(context, [target], from).ConfigureAwait(false);
        if (unreachable.Values.FirstOrDefault() is { } error)
            throw error;
    }

    /// <summary>The targets that another node cannot reach, each with the error of that node. What could not be tested is written as a warning.</summary>
    public static async Task<IReadOnlyDictionary<SwarmNode, SwarmOpsException>> FindUnreachableAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> targets,
        IReadOnlyList<SwarmNode> from
    )
    {
        List<ProbeTarget> probes =
        [
            .. from target in targets
            from source in @from
            where source.DockerHost != target.DockerHost
            from port in Ports
            select new ProbeTarget(source, target, target.AdvertiseAddress!, ProbeProtocol.Tcp, port),
        ];
        var results = await new ReachabilityProbe(context).ProbeAsync(probes).ConfigureAwait(false);
        foreach (var result in results.Where(result => result.Outcome == ProbeOutcome.NotTested).DistinctBy(result => result.Detail))
            context.WriteWarning(
                $"Whether '{result.Target.From.Name}' reaches {result.Target.Address} could not be tested: {result.Detail}"
            );
        return results
            .Where(result => result.Failed)
            .GroupBy(result => result.Target.To!)
            .ToDictionary(failed => failed.Key, failed => SwarmErrors.AdvertiseAddressUnreachable(failed.Key, [.. failed]));
    }
}
