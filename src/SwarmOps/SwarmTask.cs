namespace SwarmOps;

/// <summary>One task of a service: a container on a node, or one that is still to be placed or started.</summary>
public sealed record SwarmTask
{
    /// <summary>Name of the task: the service, and the slot (replicated) or node (global).</summary>
    public string Name { get; init; } = "";

    /// <summary>The engine's id of the object.</summary>
    public string Id { get; init; } = "";

    /// <summary>Name of the service.</summary>
    public string Service { get; init; } = "";

    /// <summary>Number of the replica, from 1; 0 in a global service.</summary>
    public int Slot { get; init; }

    /// <summary>Name of the node; null until the task is assigned to one.</summary>
    public string? Node { get; init; }

    /// <summary>The node's label <c>region</c>.</summary>
    public string? Region { get; init; }

    /// <summary>State, such as <c>running</c>, <c>pending</c> or <c>rejected</c> (Docker's task states).</summary>
    public string State { get; init; } = "";

    /// <summary>The desired state: <c>running</c>, <c>complete</c>, or <c>shutdown</c> for a replaced task.</summary>
    public string DesiredState { get; init; } = "";

    /// <summary>The engine's error message; null when there is none.</summary>
    public string? Error { get; init; }

    /// <summary>Exit code of the container when it has ended; otherwise null.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The image of the task.</summary>
    public string Image { get; init; } = "";

    /// <summary>Id of the container; null before there is one.</summary>
    public string? ContainerId { get; init; }

    /// <summary>When the state was entered, UTC, by the node's clock.</summary>
    public DateTime Since { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
