using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Members;

/// <summary>Which members are to be read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record GetNodeRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Names or host names; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Names { get; init; } = [];

    /// <summary>Regions; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Regions { get; init; } = [];

    /// <summary>Only members with this role; null for all.</summary>
    public SwarmNodeRole? Role { get; init; }

    /// <summary>Only members in this state; null for all.</summary>
    public SwarmNodeState? State { get; init; }

    /// <summary>Only members with this availability; null for all.</summary>
    public SwarmNodeAvailability? Availability { get; init; }

    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
