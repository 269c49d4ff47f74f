namespace SwarmOps;

/// <summary>The overall status of a shared folder.</summary>
public enum SwarmSharedFolderStatus
{
    /// <summary>All nodes have the same files and are connected with each other.</summary>
    InSync,

    /// <summary>All nodes are connected with each other, and changes are on their way.</summary>
    Syncing,

    /// <summary>A node is not connected, or cannot read or write some files: see the findings.</summary>
    Degraded,

    /// <summary>Not all nodes could be asked.</summary>
    Unknown,
}

/// <summary>State of one node's copy of a shared folder.</summary>
public enum SwarmSharedFolderState
{
    /// <summary>It has every change that it knows of, and is connected with all other nodes.</summary>
    InSync,

    /// <summary>It looks for changes in its own files.</summary>
    Scanning,

    /// <summary>It receives changes.</summary>
    Syncing,

    /// <summary>It has every change that it knows of, but is not connected with all other nodes.</summary>
    Disconnected,

    /// <summary>It cannot work: see the error.</summary>
    Failed,

    /// <summary>Its container does not run.</summary>
    NotRunning,

    /// <summary>The node could not be asked.</summary>
    Unknown,
}
