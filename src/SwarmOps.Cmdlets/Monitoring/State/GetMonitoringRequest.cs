using SwarmOps.Pipeline;

namespace SwarmOps.Monitoring.State;

/// <summary>Which monitoring is to be read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record GetMonitoringRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Names; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Names { get; init; } = [];
}
