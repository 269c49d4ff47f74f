namespace SwarmOps;

/// <summary>One task of a service: a container on a node, or the wish for one.</summary>
public sealed record SwarmTask
{
    /// <summary>Name of the service, and the slot (replicated) or node (global).</summary>
    public string Name { get; init; } = "";

    /// <summary>The engine's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Name of the service.</summary>
    public string Service { get; init; } = "";

    /// <summary>Number of the replica, from 1; 0 in a global service.</summary>
    public int Slot { get; init; }

    /// <summary>Name of the node; null as long as none was found.</summary>
    public string? Node { get; init; }

    /// <summary>The node's label <c>region</c>.</summary>
    public string? Region { get; init; }

    /// <summary>State, such as <c>running</c>, <c>pending</c> or <c>rejected</c> (Docker's task states).</summary>
    public string State { get; init; } = "";

    /// <summary>The state that the swarm wants: <c>running</c>, <c>complete</c>, or <c>shutdown</c> for one that was replaced.</summary>
    public string DesiredState { get; init; } = "";

    /// <summary>What went wrong, in the engine's words; null when nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>Exit code of the container that has ended; else null.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The image of the task.</summary>
    public string Image { get; init; } = "";

    /// <summary>Id of the container; null before there is one.</summary>
    public string? ContainerId { get; init; }

    /// <summary>When the state was entered, in UTC by the node's clock.</summary>
    public DateTime Since { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
