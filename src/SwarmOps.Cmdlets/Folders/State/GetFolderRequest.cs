using SwarmOps.Pipeline;

namespace SwarmOps.Folders.State;

/// <summary>Which shared folders are read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record GetFolderRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Names of folders; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Names { get; init; } = [];
}
