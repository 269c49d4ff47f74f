using SwarmOps.Pipeline;

namespace SwarmOps.Services.Images;

/// <summary>Images to copy to nodes.</summary>
/// <param name="Nodes">The nodes.</param>
internal sealed record CopyImageRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Names of images that a node has; empty for those of the archive.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>An archive that docker save wrote; null for images of a node.</summary>
    public string? Path { get; init; }

    /// <summary>Name of the node that they are copied from; null for the first that has them.</summary>
    public string? From { get; init; }

    /// <summary>Names of the nodes that they are copied to; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Targets { get; init; } = [];
}
