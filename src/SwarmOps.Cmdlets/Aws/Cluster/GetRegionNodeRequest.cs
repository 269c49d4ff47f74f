using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Cluster;

/// <summary>Which nodes are to be read.</summary>
/// <param name="Clusters">Names of clusters.</param>
internal sealed record GetRegionNodeRequest(IReadOnlyList<NameFilter> Clusters) : ThrottledRequest
{
    /// <summary>Names of nodes; all if empty.</summary>
    public IReadOnlyList<NameFilter> Names { get; init; } = [];

    /// <summary>The private key's file; null for the cluster's default file, if it exists.</summary>
    public string? KeyFilePath { get; init; }

    /// <summary>The private key from a vault.</summary>
    public NodeCredential? Credential { get; init; }
}
