using SwarmOps.Pipeline;

namespace SwarmOps.Services;

/// <summary>Which logs are to be read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Names">Names of the services.</param>
internal sealed record ServiceLogRequest(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<string> Names) : ThrottledRequest
{
    /// <summary>How many of the last lines of each task; null for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Only lines written since then; null for all.</summary>
    public DateTime? Since { get; init; }

    /// <summary>Whether to wait for new lines, until Ctrl+C.</summary>
    public bool Follow { get; init; }
}
