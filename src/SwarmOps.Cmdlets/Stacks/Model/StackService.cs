using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Model;

/// <summary>A service of a stack. What is null was not set: the image's or the engine's default applies.</summary>
internal sealed record StackService
{
    /// <summary>Its key in the file.</summary>
    public required string Key { get; init; }

    /// <summary>Where it is defined.</summary>
    public required SourcePosition At { get; init; }

    public required string Image { get; init; }

    /// <summary>Replaces the image's entry point.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Replaces the image's command.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Variables by name; null removes one of the image.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Labels of the service.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = Nothing.Texts;

    public IReadOnlyDictionary<string, string> ContainerLabels { get; init; } = Nothing.Texts;

    public IReadOnlyList<StackDependency> DependsOn { get; init; } = [];

    public required IReadOnlyList<StackAttachment> Networks { get; init; }

    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    public IReadOnlyList<StackMount> Mounts { get; init; } = [];

    public IReadOnlyList<FileReference> Secrets { get; init; } = [];

    public IReadOnlyList<FileReference> Configs { get; init; } = [];

    public StackCredentialSpec? CredentialSpec { get; init; }

    public string? Hostname { get; init; }

    public string? User { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    public string? WorkingDirectory { get; init; }

    public bool? Init { get; init; }

    public bool ReadOnly { get; init; }

    public bool Tty { get; init; }

    public bool OpenStdin { get; init; }

    public TimeSpan? StopGracePeriod { get; init; }

    public string? StopSignal { get; init; }

    public string? Isolation { get; init; }

    public IReadOnlyList<string> CapabilityAdd { get; init; } = [];

    public IReadOnlyList<string> CapabilityDrop { get; init; } = [];

    public IReadOnlyList<string> Dns { get; init; } = [];

    public IReadOnlyList<string> DnsSearch { get; init; } = [];

    public IReadOnlyList<string> DnsOptions { get; init; } = [];

    /// <summary>Lines of /etc/hosts: address, space, name.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = Nothing.Texts;

    public IReadOnlyList<StackUlimit> Ulimits { get; init; } = [];

    public long? OomScoreAdjustment { get; init; }

    public StackHealthCheck? Health { get; init; }

    public StackLogging? Logging { get; init; }

    public SwarmServiceMode Mode { get; init; }

    /// <summary>The number of tasks; null is the mode's default.</summary>
    public long? Replicas { get; init; }

    public SwarmEndpointMode? EndpointMode { get; init; }

    public UpdatePolicyRequest? Update { get; init; }

    public UpdatePolicyRequest? Rollback { get; init; }

    public RestartRequest? Restart { get; init; }

    public StackResources Resources { get; init; } = new();

    public IReadOnlyList<string> Constraints { get; init; } = [];

    public IReadOnlyList<string> SpreadOver { get; init; } = [];

    public long? MaxReplicasPerNode { get; init; }

    /// <summary>Whether it becomes one service a region, with ports on the hosts, deployed one region after the other.</summary>
    public bool IsEdge { get; init; }

    /// <summary>The regions that it is limited to; none for all.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Whether missing directories of its bind mounts are created on the nodes.</summary>
    public bool CreatesMountPaths { get; init; }

    /// <summary>The Galera cluster that stands in its place; null for none.</summary>
    public StackGalera? Galera { get; init; }

    /// <summary>The name servers of an edge service; null for none.</summary>
    public StackZone? Zone { get; init; }
}

/// <summary>What a service waits for when the stack is deployed.</summary>
internal enum StackCondition
{
    /// <summary>The dependency has converged.</summary>
    Converged,

    /// <summary>The dependency is a job that has completed.</summary>
    Completed,
}

/// <summary>A service that must be deployed first.</summary>
internal sealed record StackDependency(string Service, StackCondition Condition);

/// <summary>A network of a service.</summary>
internal sealed record StackAttachment(string Network, IReadOnlyList<string> Aliases, IReadOnlyDictionary<string, string> DriverOptions);

/// <summary>A mount of a service; its source is the key of a volume, or a path.</summary>
internal sealed record StackMount(string Type, string? Source, string Target)
{
    public bool ReadOnly { get; init; }

    public string? Consistency { get; init; }

    public string? Propagation { get; init; }

    /// <summary>enabled, disabled, writable or readonly.</summary>
    public string? Recursive { get; init; }

    public bool NoCopy { get; init; }

    public string? Subpath { get; init; }

    public IReadOnlyDictionary<string, string> VolumeLabels { get; init; } = Nothing.Texts;

    public long? TmpfsSize { get; init; }

    public int? TmpfsMode { get; init; }
}

/// <summary>A credential spec: one of the three is set. The config is a key of the stack.</summary>
internal sealed record StackCredentialSpec(string? Config, string? File, string? Registry);

/// <summary>A limit of a process.</summary>
internal sealed record StackUlimit(string Name, long Soft, long Hard);

/// <summary>A health check; a test of NONE disables that of the image.</summary>
internal sealed record StackHealthCheck(IReadOnlyList<string> Test)
{
    public TimeSpan? Interval { get; init; }

    public TimeSpan? Timeout { get; init; }

    public TimeSpan? StartPeriod { get; init; }

    public TimeSpan? StartInterval { get; init; }

    public long? Retries { get; init; }
}

/// <summary>A log driver.</summary>
internal sealed record StackLogging(string? Driver, IReadOnlyDictionary<string, string> Options);

/// <summary>Limits and reservations: processors in 1e-9 of one, memory in bytes.</summary>
internal sealed record StackResources
{
    public long? LimitNanoCpu { get; init; }

    public long? LimitMemory { get; init; }

    public long? LimitPids { get; init; }

    public long? ReserveNanoCpu { get; init; }

    public long? ReserveMemory { get; init; }

    public IReadOnlyList<(string Kind, long Count)> Generic { get; init; } = [];
}
