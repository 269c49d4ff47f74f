namespace SwarmOps;

/// <summary>What sort of trouble an error is; each maps to one PowerShell error category.</summary>
public enum ErrorKind
{
    /// <summary>A parameter's value cannot be right.</summary>
    InvalidArgument,

    /// <summary>Data that was read cannot be understood.</summary>
    InvalidData,

    /// <summary>What was named is not there.</summary>
    NotFound,

    /// <summary>Something else is there already.</summary>
    AlreadyExists,

    /// <summary>No connection, or it broke.</summary>
    Connection,

    /// <summary>The node refused who we are.</summary>
    Authentication,

    /// <summary>The node knows us but does not allow it.</summary>
    Permission,

    /// <summary>Going on would not be safe.</summary>
    Security,

    /// <summary>It took longer than allowed.</summary>
    Timeout,

    /// <summary>The swarm or node is in a state in which this cannot be done.</summary>
    InvalidState,

    /// <summary>Something that is needed is not installed.</summary>
    NotInstalled,

    /// <summary>An engine answered with an error.</summary>
    Engine,
}
