namespace SwarmOps;

/// <summary>How an engine is kept from writing while its swarm state is copied.</summary>
public enum SwarmBackupMethod
{
    /// <summary>It is stopped and started again, as Docker documents. Its containers stop, and their tasks start again.</summary>
    Stop,

    /// <summary>Its process is frozen (SIGSTOP) and continued. Its containers go on.</summary>
    Freeze,
}
