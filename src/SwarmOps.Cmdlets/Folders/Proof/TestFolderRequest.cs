using SwarmOps.Pipeline;

namespace SwarmOps.Folders.Proof;

/// <summary>Which shared folders are tested.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Names">Names of the folders.</param>
internal sealed record TestFolderRequest(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<string> Names) : ThrottledRequest
{
    /// <summary>Size of each test file in bytes.</summary>
    public long Bytes { get; init; } = 1024;

    /// <summary>How long the test files may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
