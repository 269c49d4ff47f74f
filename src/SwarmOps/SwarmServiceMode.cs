namespace SwarmOps;

/// <summary>Mode of a service (Docker's service mode).</summary>
public enum SwarmServiceMode
{
    /// <summary>A number of tasks, which the scheduler places.</summary>
    Replicated,

    /// <summary>One task on every eligible node.</summary>
    Global,

    /// <summary>A number of tasks that run to completion once.</summary>
    ReplicatedJob,

    /// <summary>One task on every eligible node, which runs to completion once.</summary>
    GlobalJob,
}

/// <summary>How the name of a service resolves.</summary>
public enum SwarmEndpointMode
{
    /// <summary>One virtual IP address, load-balanced by the kernel.</summary>
    Vip,

    /// <summary>The addresses of the tasks, by DNS round robin.</summary>
    Dnsrr,
}

/// <summary>When a task that has ended is restarted.</summary>
public enum SwarmRestartCondition
{
    /// <summary>Always.</summary>
    Any,

    /// <summary>When its exit code is not 0, or its health check fails.</summary>
    OnFailure,

    /// <summary>Never.</summary>
    None,
}

/// <summary>What happens when an updated task fails.</summary>
public enum SwarmUpdateFailureAction
{
    /// <summary>The update stops where it is.</summary>
    Pause,

    /// <summary>The update continues.</summary>
    Continue,

    /// <summary>The service is rolled back to its previous specification.</summary>
    Rollback,
}

/// <summary>Whether the old task is stopped before the new one starts.</summary>
public enum SwarmUpdateOrder
{
    /// <summary>The old task is stopped first: for host ports and volumes.</summary>
    StopFirst,

    /// <summary>The new task starts first: no downtime, both run for a moment.</summary>
    StartFirst,
}
