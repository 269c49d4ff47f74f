using SwarmOps.Services;

namespace SwarmOps.Folders.Removal;

/// <summary>Which shared folder is to be removed.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Name">Name of the folder.</param>
internal sealed record RemoveFolderRequest(IReadOnlyList<SwarmNode> Nodes, string Name)
{
    /// <summary>The time limit for stopping the containers, and how many nodes are contacted at the same time.</summary>
    public ServiceOptions Options { get; init; } = new();
}
