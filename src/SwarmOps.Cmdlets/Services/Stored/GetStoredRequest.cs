using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Which secrets or configs are to be read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Kind">Secrets or configs.</param>
internal sealed record GetStoredRequest(IReadOnlyList<SwarmNode> Nodes, StoredKind Kind) : ThrottledRequest
{
    /// <summary>Their names; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Names { get; init; } = [];

    /// <summary>Whether older versions are included, or only the newest of each name.</summary>
    public bool AllVersions { get; init; }
}
