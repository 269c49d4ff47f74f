using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Formation;

/// <summary>
/// A restored swarm lists its only manager at its old address, though the engine advertises its present one: an engine that makes a new cluster of its state keeps the address there
/// (moby/moby issue 34306), and tells each node that connects to look for the manager at it. A second manager does not correct it: it could not answer the first one, and the swarm would
/// have no leader (measured with engine 28.5).
/// </summary>
internal static class StaleManager
{
    /// <summary>The address at which a swarm lists its only manager, when the manager itself advertises another one; else null.</summary>
    public static string? AddressOf(SwarmView view, NodeObservation? manager) =>
        view.Managers is [{ ManagerStatus.Addr: { Length: > 0 } listed }]
        && manager is { NodeAddress: { Length: > 0 } own }
        && NodeAddress.WithoutPort(listed) is var old
        && old != own
            ? old
            : null;

    /// <summary>What to say of it; null when there is nothing to say.</summary>
    public static string? Warning(SwarmSession session) =>
        session.View.Managers is [var manager]
        && session.Observations.FirstOrDefault(node => node.NodeId == manager.ID) is { } own
        && AddressOf(session.View, own) is { } stale
            ? $"The swarm lists its manager '{own.Node.Name}' at {stale} instead of {own.NodeAddress}: engines keep the old address of a manager that is restored elsewhere (moby/moby issue 34306). Nodes that lose their connection look for it there. Give the host the address {stale} (on AWS: move the Elastic IP address) before you promote other nodes: a second manager could not answer this one."
            : null;
}
