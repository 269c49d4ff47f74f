using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Which secrets or configs are to be removed.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Kind">Secrets or configs.</param>
internal sealed record RemoveStoredRequest(IReadOnlyList<SwarmNode> Nodes, StoredKind Kind) : ThrottledRequest
{
    /// <summary>Names, all of whose versions are removed.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Ids of single versions.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];
}
