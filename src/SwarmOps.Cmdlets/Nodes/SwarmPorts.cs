namespace SwarmOps.Nodes;

/// <summary>The ports of swarm mode (Docker's documentation, "Getting started with swarm mode").</summary>
internal static class SwarmPorts
{
    /// <summary>Managers' control plane, TCP.</summary>
    public const int Control = 2377;

    /// <summary>Gossip between all nodes, TCP and UDP.</summary>
    public const int Gossip = 7946;

    /// <summary>Overlay networks' packets (VXLAN), UDP.</summary>
    public const int DataPath = 4789;
}
