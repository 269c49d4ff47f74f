namespace SwarmOps.Swarm.Members;

/// <summary>Which nodes are to leave their swarm.</summary>
/// <param name="Nodes">The node set.</param>
internal sealed record RemovalRequest(IReadOnlyList<SwarmNode> Nodes)
{
    /// <summary>Managers beyond the set.</summary>
    public IReadOnlyList<SwarmNode> Managers { get; init; } = [];

    /// <summary>Whether nodes are removed that cannot be asked, and whether the swarm may end.</summary>
    public bool Force { get; init; }

    /// <summary>Whether tasks are moved away first.</summary>
    public bool Drain { get; init; } = true;

    /// <summary>Whether the nodes are emitted.</summary>
    public bool PassThru { get; init; }

    /// <summary>What holds for each node.</summary>
    public LeaveSettings Settings { get; init; } = new();
}
