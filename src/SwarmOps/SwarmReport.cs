namespace SwarmOps;

/// <summary>All that one pass over a swarm observed. A part that could not be read is null, never empty.</summary>
public sealed record SwarmReport
{
    /// <summary>When the pass began, UTC.</summary>
    public DateTime TakenAt { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The swarm; null when no manager answered or the swarm has no quorum.</summary>
    public SwarmSummary? Swarm { get; init; }

    /// <summary>The nodes: the members of the swarm, and the nodes of the set that are not.</summary>
    public IReadOnlyList<SwarmReportNode> Nodes { get; init; } = [];

    /// <summary>The overlay networks; null when they could not be read.</summary>
    public IReadOnlyList<SwarmOverlay>? Overlays { get; init; }

    /// <summary>The paths of the overlay networks that were tested with packets; null when none was.</summary>
    public IReadOnlyList<SwarmOverlayPath>? Paths { get; init; }

    /// <summary>The services with their tasks; null when they could not be read.</summary>
    public IReadOnlyList<SwarmService>? Services { get; init; }

    /// <summary>Tasks that failed in the last 24 hours, newest first; null when they could not be read. The engines keep a few for each slot.</summary>
    public IReadOnlyList<SwarmTask>? FailedTasks { get; init; }

    /// <summary>The Galera clusters; null when they could not be read.</summary>
    public IReadOnlyList<GaleraCluster>? GaleraClusters { get; init; }

    /// <summary>The shared folders; null when they could not be read.</summary>
    public IReadOnlyList<SwarmSharedFolder>? SharedFolders { get; init; }

    /// <summary>The zones of name servers on the swarm; null when they could not be read.</summary>
    public IReadOnlyList<SwarmGeoDns>? Zones { get; init; }

    /// <summary>All that is or will be wrong, the worst first.</summary>
    public IReadOnlyList<SwarmFinding> Findings { get; init; } = [];

    /// <summary>The swarm's id and the time.</summary>
    public override string ToString() => $"{Swarm?.Id ?? "no swarm"} at {TakenAt:u}";
}

/// <summary>A node as one pass observed it: what the swarm says of it, and what its own host says.</summary>
public sealed record SwarmReportNode
{
    /// <summary>Name of the node.</summary>
    public string Node { get; init; } = "";

    /// <summary>Its region.</summary>
    public string? Region { get; init; }

    /// <summary>Its role; null when it is not a member.</summary>
    public SwarmNodeRole? Role { get; init; }

    /// <summary>Whether it leads the managers.</summary>
    public bool IsLeader { get; init; }

    /// <summary>Its state for the swarm; null when that is not known.</summary>
    public SwarmNodeState? State { get; init; }

    /// <summary>Whether the scheduler may give it tasks.</summary>
    public SwarmNodeAvailability? Availability { get; init; }

    /// <summary>Whether the leader reaches it, for a manager.</summary>
    public SwarmManagerReachability? Reachability { get; init; }

    /// <summary>Version of its engine.</summary>
    public string? EngineVersion { get; init; }

    /// <summary>Name of the operating system.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>Version of the kernel.</summary>
    public string? KernelVersion { get; init; }

    /// <summary>Number of processors.</summary>
    public int? Processors { get; init; }

    /// <summary>Load of the last five minutes.</summary>
    public double? Load { get; init; }

    /// <summary>Memory in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Memory that programs can still get, in bytes.</summary>
    public long? MemoryAvailableBytes { get; init; }

    /// <summary>The file systems of the engine's directory and of the root directory; one when both are the same.</summary>
    public IReadOnlyList<SwarmReportDisk> Disks { get; init; } = [];

    /// <summary>When the host was started, UTC, by its own clock.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>Offset of its clock from this machine's, in seconds; positive when it is ahead.</summary>
    public double? ClockOffsetSeconds { get; init; }

    /// <summary>When its certificate in the swarm expires, UTC.</summary>
    public DateTime? CertificateExpiry { get; init; }

    /// <summary>Number of packages that can be updated, as of the host's last look at its repositories; null when that is not known.</summary>
    public int? UpdateCount { get; init; }

    /// <summary>How many of them the distribution calls security updates.</summary>
    public int? SecurityUpdateCount { get; init; }

    /// <summary>Whether an update waits for a reboot.</summary>
    public bool? RebootRequired { get; init; }

    /// <summary>Why it could not be asked; null when it could. Then what only its host knows is null.</summary>
    public string? Error { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Node;
}

/// <summary>A file system of a node.</summary>
public sealed record SwarmReportDisk
{
    /// <summary>The directory that was asked for, such as <c>/var/lib/docker</c>.</summary>
    public string Path { get; init; } = "";

    /// <summary>Its size in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>What users can still write, in bytes.</summary>
    public long AvailableBytes { get; init; }

    /// <summary>Share that is used, 0 to 1.</summary>
    public double Used => Bytes <= 0 ? 0 : 1 - ((double)AvailableBytes / Bytes);

    /// <summary>Share of inodes that is used, 0 to 1; null where the file system has none.</summary>
    public double? InodesUsed { get; init; }

    /// <summary>Path and share that is used.</summary>
    public override string ToString() => $"{Path}: {Used:P0}";
}
