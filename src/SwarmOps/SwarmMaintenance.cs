namespace SwarmOps;

/// <summary>A maintenance of the nodes of a swarm, as its journal in the swarm tells.</summary>
public sealed record SwarmMaintenance
{
    /// <summary>Id of the swarm.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>What is done on each node.</summary>
    public SwarmMaintenanceAction Action { get; init; }

    /// <summary>The script of the action Script, or of the action Engine where a script installs the engine; null otherwise.</summary>
    public string? Script { get; init; }

    /// <summary>The release of the action Engine, such as 28.5.2; null for others.</summary>
    public string? EngineVersion { get; init; }

    /// <summary>When it was begun, by the clock of the machine that did it.</summary>
    public DateTime StartedAt { get; init; }

    /// <summary>Number of nodes that are done.</summary>
    public int DoneCount { get; init; }

    /// <summary>Whether all nodes are done.</summary>
    public bool IsComplete { get; init; }

    /// <summary>The nodes, in the order in which they are maintained.</summary>
    public IReadOnlyList<SwarmMaintenanceStep> Steps { get; init; } = [];

    /// <summary>The node set that was passed to the cmdlet, for further cmdlets.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>Action and progress.</summary>
    public override string ToString() =>
        $"{Action}{(EngineVersion is null ? "" : " ")}{EngineVersion}: {DoneCount} of {Steps.Count} nodes done";
}

/// <summary>The maintenance of one node.</summary>
public sealed record SwarmMaintenanceStep
{
    /// <summary>Name of the node.</summary>
    public string Node { get; init; } = "";

    /// <summary>Its region.</summary>
    public string? Region { get; init; }

    /// <summary>How far it is.</summary>
    public SwarmMaintenanceState State { get; init; }

    /// <summary>What was done, or why it failed; null when nothing is known.</summary>
    public string? Detail { get; init; }

    /// <summary>When its state changed last, by the clock of the machine that did it; null while it is Pending.</summary>
    public DateTime? ChangedAt { get; init; }

    /// <summary>Node and state.</summary>
    public override string ToString() => $"{Node}: {State}";
}

/// <summary>What a maintenance does on each node.</summary>
public enum SwarmMaintenanceAction
{
    /// <summary>Installs the waiting updates of the host's packages, and reboots it if that is needed.</summary>
    Patch,

    /// <summary>Reboots the host.</summary>
    Reboot,

    /// <summary>Runs a script on the host.</summary>
    Script,

    /// <summary>Upgrades the host's engine.</summary>
    Engine,
}

/// <summary>How far the maintenance of a node is.</summary>
public enum SwarmMaintenanceState
{
    /// <summary>It was not begun.</summary>
    Pending,

    /// <summary>It was begun: the node is suspended, or about to be.</summary>
    Working,

    /// <summary>It failed; the node may be suspended.</summary>
    Failed,

    /// <summary>It is done, and the node is in service.</summary>
    Done,
}
