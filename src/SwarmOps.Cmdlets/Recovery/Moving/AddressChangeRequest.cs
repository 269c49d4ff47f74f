using SwarmOps.Pipeline;

namespace SwarmOps.Recovery.Moving;

/// <summary>Which nodes of a swarm have another address than their engines advertise.</summary>
/// <param name="Nodes">The nodes of the swarm; those that moved, at their new addresses.</param>
/// <param name="Names">The nodes that moved.</param>
internal sealed record AddressChangeRequest(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<NameFilter> Names) : ThrottledRequest
{
    /// <summary>Whether the new address is tried from a manager before the node joins.</summary>
    public bool TestReachability { get; init; } = true;

    /// <summary>How long each step may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);
}
