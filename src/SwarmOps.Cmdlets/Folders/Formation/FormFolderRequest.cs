using SwarmOps.Services;

namespace SwarmOps.Folders.Formation;

/// <summary>Which shared folder a swarm is to have.</summary>
/// <param name="Nodes">The nodes that get a copy.</param>
/// <param name="Folder">The folder.</param>
internal sealed record FormFolderRequest(IReadOnlyList<SwarmNode> Nodes, FolderRequest Folder)
{
    /// <summary>How the services are deployed; the time limit applies to a standstill of the copy.</summary>
    public ServiceOptions Options { get; init; } = new();

    /// <summary>Whether the overlay network may still be missing: whoever rehearses the operation creates it before the first change.</summary>
    public bool ExpectsOverlay { get; init; }
}
