using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Keys;

/// <summary>Which join tokens are to be replaced.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record UpdateJoinTokenRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>The roles whose tokens are replaced.</summary>
    public IReadOnlyList<SwarmNodeRole> Roles { get; init; } = [SwarmNodeRole.Worker, SwarmNodeRole.Manager];

    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
