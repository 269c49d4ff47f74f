namespace SwarmOps;

/// <summary>One node's copy of a shared folder, as its own Syncthing reports it.</summary>
public sealed record SwarmSharedFolderCopy
{
    /// <summary>Name of the folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Name of the node.</summary>
    public string Node { get; init; } = "";

    /// <summary>The node's region.</summary>
    public string? Region { get; init; }

    /// <summary>Name of the service that keeps the copy, which is also its name in the overlay network.</summary>
    public string Service { get; init; } = "";

    /// <summary>State of the copy.</summary>
    public SwarmSharedFolderState State { get; init; }

    /// <summary>Share of all known bytes that the copy has, in percent; null when the node could not be asked.</summary>
    public double? Completion { get; init; }

    /// <summary>Bytes that other nodes have announced and this one has not received yet; null when the node could not be asked.</summary>
    public long? BytesBehind { get; init; }

    /// <summary>Files, directories and deletions that other nodes have announced and this one has not applied yet; null when the node could not be asked.</summary>
    public long? ItemsBehind { get; init; }

    /// <summary>Number of files in the copy; null when the node could not be asked.</summary>
    public long? Files { get; init; }

    /// <summary>Size of the copy in bytes; null when the node could not be asked.</summary>
    public long? Bytes { get; init; }

    /// <summary>When it last received a change from another node, in UTC; null when it has not yet, or could not be asked.</summary>
    public DateTime? LastChange { get; init; }

    /// <summary>The file that it last received, relative to the folder.</summary>
    public string? LastFile { get; init; }

    /// <summary>Names of the nodes with which it is connected.</summary>
    public IReadOnlyList<string> ConnectedNodes { get; init; } = [];

    /// <summary>Files that could not be read or written, each with the reason. At most 100.</summary>
    public IReadOnlyList<string> FileErrors { get; init; } = [];

    /// <summary>Id of its Syncthing device.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Version of Syncthing; null when the node could not be asked.</summary>
    public string? Version { get; init; }

    /// <summary>Why the copy is not kept up to date, or could not be asked; null when there is no problem.</summary>
    public string? Error { get; init; }

    /// <summary>Node and state.</summary>
    public override string ToString() => $"{Node}: {State}";
}
