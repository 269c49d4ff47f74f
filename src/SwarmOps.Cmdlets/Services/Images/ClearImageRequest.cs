using SwarmOps.Pipeline;

namespace SwarmOps.Services.Images;

/// <summary>Which unused images are to be removed.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="OlderThan">How long a node must have had an image.</param>
internal sealed record ClearImageRequest(IReadOnlyList<SwarmNode> Nodes, TimeSpan OlderThan) : ThrottledRequest
{
    /// <summary>Names of images; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Images { get; init; } = [];

    /// <summary>Names of images that are kept.</summary>
    public IReadOnlyList<NameFilter> Excluded { get; init; } = [];

    /// <summary>Whether images that no registry is known to have are removed too.</summary>
    public bool IncludeLocal { get; init; }
}
