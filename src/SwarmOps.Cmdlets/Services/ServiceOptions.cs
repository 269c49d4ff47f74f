using SwarmOps.Services.Registry;

namespace SwarmOps.Services;

/// <summary>How a service is put in place, besides what it is.</summary>
internal sealed record ServiceOptions
{
    /// <summary>How long the service may take until it runs.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long all tasks must stay as they are; null takes the update policy's monitor time.</summary>
    public TimeSpan? Stable { get; init; }

    /// <summary>Whether the tasks are not waited for.</summary>
    public bool NoWait { get; init; }

    /// <summary>Whether the registry is not asked for the image's digest.</summary>
    public bool SkipImage { get; init; }

    /// <summary>Where the credential for the image's registry comes from; null for none.</summary>
    public RegistryLogin? Registry { get; init; }

    /// <summary>Directories to make for bind mounts; null for none.</summary>
    public MountPathOptions? MountPaths { get; init; }

    /// <summary>On which nodes they are made; null for all of the set.</summary>
    public Func<SwarmNode, bool>? MountNodes { get; init; }

    /// <summary>How many nodes are worked on at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;

    /// <summary>How the services of something that is rotated are moved to its new version.</summary>
    /// <param name="timeoutSeconds">How long each may take.</param>
    /// <param name="stableSeconds">How long its tasks must stay as they are; null takes its update policy's monitor time.</param>
    /// <param name="throttleLimit">How many nodes are asked at the same time.</param>
    public static ServiceOptions ForRotation(int timeoutSeconds, int? stableSeconds, int throttleLimit) => new()
    {
        Timeout = TimeSpan.FromSeconds(timeoutSeconds),
        Stable = stableSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        ThrottleLimit = throttleLimit,
    };
}
