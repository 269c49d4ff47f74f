using SwarmOps.Pipeline;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Specification;

namespace SwarmOps.Services;

/// <summary>How a service is deployed.</summary>
internal sealed record ServiceOptions : ThrottledRequest
{
    /// <summary>How long the service may take to converge.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long all tasks must remain stable; null for the update policy's monitor time.</summary>
    public TimeSpan? Stable { get; init; }

    /// <summary>Whether to return without waiting for the tasks.</summary>
    public bool NoWait { get; init; }

    /// <summary>Whether to skip looking up the image's digest in the registry.</summary>
    public bool SkipImage { get; init; }

    /// <summary>The source of the credential for the image's registry; null for none.</summary>
    public RegistryLogin? Registry { get; init; }

    /// <summary>Owner and mode of the directories to create for bind mounts; null to create none.</summary>
    public MountPathOptions? MountPaths { get; init; }

    /// <summary>On which nodes they are created; null for the whole node set.</summary>
    public Func<SwarmNode, bool>? MountNodes { get; init; }

    /// <summary>What keeps clients away from a region of an edge service while its tasks are replaced; null for nothing.</summary>
    public IEdgeTraffic? Traffic { get; init; }

    /// <summary>Options for moving services to the new version of a rotated secret or config.</summary>
    /// <param name="timeoutSeconds">How long each service may take.</param>
    /// <param name="stableSeconds">How long its tasks must remain stable; null for its update policy's monitor time.</param>
    /// <param name="throttleLimit">How many nodes are contacted at the same time.</param>
    public static ServiceOptions ForRotation(int timeoutSeconds, int? stableSeconds, int throttleLimit) =>
        new()
        {
            Timeout = TimeSpan.FromSeconds(timeoutSeconds),
            Stable = stableSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            ThrottleLimit = throttleLimit,
        };
}
