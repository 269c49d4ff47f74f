namespace SwarmOps.Services;

/// <summary>Which thing made of services is to be removed, such as a shared folder.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Name">Its name.</param>
internal record RemoveOneRequest(IReadOnlyList<SwarmNode> Nodes, string Name)
{
    /// <summary>The time limit for stopping the containers, and how many nodes are contacted at the same time.</summary>
    public ServiceOptions Options { get; init; } = new();
}
