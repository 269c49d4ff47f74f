namespace SwarmOps;

/// <summary>The kind of an error; each maps to one PowerShell error category.</summary>
public enum ErrorKind
{
    /// <summary>A parameter value is invalid.</summary>
    InvalidArgument,

    /// <summary>Data that was read is invalid.</summary>
    InvalidData,

    /// <summary>The named object does not exist.</summary>
    NotFound,

    /// <summary>The object already exists.</summary>
    AlreadyExists,

    /// <summary>No connection could be made, or it was lost.</summary>
    Connection,

    /// <summary>The node rejected the credentials.</summary>
    Authentication,

    /// <summary>The account has no permission.</summary>
    Permission,

    /// <summary>Continuing would not be safe.</summary>
    Security,

    /// <summary>The time limit was exceeded.</summary>
    Timeout,

    /// <summary>The state of the swarm or node does not permit the operation.</summary>
    InvalidState,

    /// <summary>Required software is not installed.</summary>
    NotInstalled,

    /// <summary>An engine returned an error.</summary>
    Engine,
}
