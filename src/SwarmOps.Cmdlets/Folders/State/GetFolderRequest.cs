using SwarmOps.Pipeline;

namespace SwarmOps.Folders.State;

/// <summary>Which shared folders are read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record GetFolderRequest(IReadOnlyList<SwarmNode> Nodes)
{
    /// <summary>Names of folders; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Names { get; init; } = [];

    /// <summary>How many nodes are contacted at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;
}
