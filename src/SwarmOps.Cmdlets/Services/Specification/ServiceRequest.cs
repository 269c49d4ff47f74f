namespace SwarmOps.Services.Specification;

/// <summary>The requested settings of a service. Null keeps the current value, or on a new service the default.</summary>
internal sealed record ServiceRequest
{
    /// <summary>Name of the service.</summary>
    public required string Name { get; init; }

    public string? Image { get; init; }

    public SwarmServiceMode? Mode { get; init; }

    public long? Replicas { get; init; }

    public long? MaxConcurrent { get; init; }

    /// <summary>Replaces the image's entry point.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>Environment variables; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?>? Environment { get; init; }

    public IReadOnlyDictionary<string, string?>? Labels { get; init; }

    public IReadOnlyDictionary<string, string?>? ContainerLabels { get; init; }

    /// <summary>Whether variables and labels that are not listed are kept.</summary>
    public bool KeepsOthers { get; init; }

    public string? User { get; init; }

    public IReadOnlyList<string>? Groups { get; init; }

    public string? WorkingDirectory { get; init; }

    public string? Hostname { get; init; }

    public IReadOnlyList<NetworkAttachment>? Networks { get; init; }

    public SwarmEndpointMode? EndpointMode { get; init; }

    public IReadOnlyList<PublishedPort>? Ports { get; init; }

    public IReadOnlyList<ServiceMount>? Mounts { get; init; }

    public IReadOnlyList<FileReference>? Secrets { get; init; }

    public IReadOnlyList<FileReference>? Configs { get; init; }

    public IReadOnlyList<string>? Constraints { get; init; }

    /// <summary>Spread descriptors, such as <c>node.labels.region</c>.</summary>
    public IReadOnlyList<string>? SpreadOver { get; init; }

    public long? MaxReplicasPerNode { get; init; }

    /// <summary>Limits and reservations: CPU in 1e-9 of a processor, memory in bytes.</summary>
    public long? LimitNanoCpu { get; init; }

    public long? LimitMemory { get; init; }

    public long? LimitPids { get; init; }

    public long? ReserveNanoCpu { get; init; }

    public long? ReserveMemory { get; init; }

    public HealthRequest? Health { get; init; }

    public RestartRequest? Restart { get; init; }

    public UpdatePolicyRequest? Update { get; init; }

    public UpdatePolicyRequest? Rollback { get; init; }

    public TimeSpan? StopGracePeriod { get; init; }

    public string? StopSignal { get; init; }

    public bool? Init { get; init; }

    public bool? ReadOnly { get; init; }

    public bool? Tty { get; init; }

    public IReadOnlyList<string>? Dns { get; init; }

    public IReadOnlyList<string>? DnsSearch { get; init; }

    public IReadOnlyList<string>? DnsOptions { get; init; }

    /// <summary>Lines of /etc/hosts: address, space, name.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    public IReadOnlyList<string>? CapabilityAdd { get; init; }

    public IReadOnlyList<string>? CapabilityDrop { get; init; }

    public IReadOnlyDictionary<string, string>? Sysctls { get; init; }

    public string? LogDriver { get; init; }

    public IReadOnlyDictionary<string, string>? LogOptions { get; init; }

    /// <summary>Whether to replace the tasks even if nothing differs.</summary>
    public bool Force { get; init; }
}

/// <summary>A network of a service.</summary>
internal sealed record NetworkAttachment(string Name, IReadOnlyList<string> Aliases);

/// <summary>A port of a service; with published port 0 the swarm chooses one.</summary>
internal sealed record PublishedPort(int Target, int Published, string Protocol, bool OnHost);

/// <summary>A mount of a service: bind, volume or tmpfs.</summary>
internal sealed record ServiceMount(
    string Type,
    string? Source,
    string Target,
    bool ReadOnly,
    long? TmpfsSize = null,
    int? TmpfsMode = null
);

/// <summary>A secret or config that is mounted as a file.</summary>
internal sealed record FileReference(string Name, string Target, string Uid, string Gid, int Mode);

/// <summary>A health check. An empty command disables the image's health check.</summary>
internal sealed record HealthRequest(string? Command, TimeSpan? Interval, TimeSpan? Timeout, TimeSpan? StartPeriod, int? Retries);

/// <summary>A restart policy.</summary>
internal sealed record RestartRequest(SwarmRestartCondition? Condition, TimeSpan? Delay, long? MaxAttempts, TimeSpan? Window);

/// <summary>An update or rollback policy.</summary>
internal sealed record UpdatePolicyRequest(
    long? Parallelism,
    TimeSpan? Delay,
    SwarmUpdateFailureAction? FailureAction,
    TimeSpan? Monitor,
    double? MaxFailureRatio,
    SwarmUpdateOrder? Order
);
