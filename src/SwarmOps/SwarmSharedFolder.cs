namespace SwarmOps;

/// <summary>A folder with a full copy on each of its nodes, as the nodes report it at one moment.</summary>
public sealed record SwarmSharedFolder
{
    /// <summary>Name of the folder, from which the names of its services are derived.</summary>
    public string Name { get; init; } = "";

    /// <summary>The directory on each host.</summary>
    public string Path { get; init; } = "";

    /// <summary>Its overall status.</summary>
    public SwarmSharedFolderStatus Status { get; init; }

    /// <summary>Number of files, by the node that has most of them; null when no node could be asked.</summary>
    public long? Files { get; init; }

    /// <summary>Size of all files in bytes, by the node that has most of them; null when no node could be asked.</summary>
    public long? Bytes { get; init; }

    /// <summary>When a node last received a change, in UTC; null when none has yet.</summary>
    public DateTime? LastChange { get; init; }

    /// <summary>User and group id that own all files.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Id of the swarm.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>The overlay network between its nodes.</summary>
    public string Overlay { get; init; } = "";

    /// <summary>The image that copies the files.</summary>
    public string Image { get; init; } = "";

    /// <summary>Its copies, one per node, by name of the node.</summary>
    public IReadOnlyList<SwarmSharedFolderCopy> Copies { get; init; } = [];

    /// <summary>Conflict files in the folder, relative to it: for each, two nodes changed the same file before they had received each other's change. At most 100.</summary>
    public IReadOnlyList<string> Conflicts { get; init; } = [];

    /// <summary>Problems, each with what to do; empty when there are none.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>The node set that was passed to the cmdlet, for further cmdlets.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
