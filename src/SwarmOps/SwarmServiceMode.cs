namespace SwarmOps;

/// <summary>How many tasks a service has, and whether they are to end.</summary>
public enum SwarmServiceMode
{
    /// <summary>A number of tasks, which the scheduler spreads.</summary>
    Replicated,

    /// <summary>One task on every node that fits.</summary>
    Global,

    /// <summary>A number of tasks that run to their end once.</summary>
    ReplicatedJob,

    /// <summary>One task on every node that fits, which runs to its end once.</summary>
    GlobalJob,
}

/// <summary>How a service is found by its name.</summary>
public enum SwarmEndpointMode
{
    /// <summary>One virtual address, behind which the kernel balances.</summary>
    Vip,

    /// <summary>The addresses of the tasks, by turns.</summary>
    Dnsrr,
}

/// <summary>When a task that ended is started again.</summary>
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

    /// <summary>It goes on regardless.</summary>
    Continue,

    /// <summary>The service goes back to what it was before.</summary>
    Rollback,
}

/// <summary>Whether the old task ends before the new one starts.</summary>
public enum SwarmUpdateOrder
{
    /// <summary>The old one ends first: for host ports and data.</summary>
    StopFirst,

    /// <summary>The new one starts first: no gap, both run for a moment.</summary>
    StartFirst,
}
