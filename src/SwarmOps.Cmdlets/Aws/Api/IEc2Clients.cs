namespace SwarmOps.Aws;

/// <summary>EC2 in every region, with one account's credentials.</summary>
internal interface IEc2Clients : IDisposable
{
    /// <summary>The regions that the user named; empty when none.</summary>
    IReadOnlyList<string> GivenRegions { get; }

    /// <summary>The regions in which, by the user's word, the cluster has nothing.</summary>
    IReadOnlyList<string> ExcludedRegions { get; }

    /// <summary>The region of the session, the environment or the profile; null when there is none.</summary>
    string? DefaultRegion { get; }

    /// <summary>The calls made so far, in all regions.</summary>
    AwsCallLog Calls { get; }

    /// <summary>EC2 in one region; the same object each time.</summary>
    Ec2Region In(string region);

    /// <summary>The regions to work in: those given, or all that the account has enabled (one call).</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>.</exception>
    Task<IReadOnlyList<string>> RegionsAsync(CancellationToken cancellationToken);

    /// <summary>All regions that the account has enabled (one call, made once), and those given, but those excluded.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>.</exception>
    Task<IReadOnlyList<string>> AllRegionsAsync(CancellationToken cancellationToken);
}
