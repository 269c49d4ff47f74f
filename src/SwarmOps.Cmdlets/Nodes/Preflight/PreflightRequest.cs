using SwarmOps.Pipeline;

namespace SwarmOps.Nodes.Preflight;

/// <summary>Which nodes are to be tested.</summary>
/// <param name="Nodes">The node set.</param>
internal sealed record PreflightRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>How long an answer between two nodes may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The pool that the swarm's networks will be given subnets from; null means the swarm's, else the engine's default.</summary>
    public IReadOnlyList<string>? AddressPool { get; init; }

    /// <summary>Bits of the network part of those subnets.</summary>
    public int SubnetSize { get; init; } = AddressPools.DefaultSubnetSize;

    /// <summary>What is known of the nodes already; null when they are to be asked.</summary>
    public IReadOnlyList<NodeFacts>? Facts { get; init; }

    /// <summary>Whether packets are sent between the nodes.</summary>
    public bool SendsPackets { get; init; } = true;
}
