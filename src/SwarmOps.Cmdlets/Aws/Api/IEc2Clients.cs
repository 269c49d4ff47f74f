namespace SwarmOps.Aws.Api;

/// <summary>EC2 in every region, with one account's credentials.</summary>
internal interface IEc2Clients : IDisposable
{
    /// <summary>The regions that the user specified; empty if none.</summary>
    IReadOnlyList<string> GivenRegions { get; }

    /// <summary>The regions that the user excluded because the cluster has no resources there.</summary>
    IReadOnlyList<string> ExcludedRegions { get; }

    /// <summary>The region of the session, the environment or the profile; null if there is none.</summary>
    string? DefaultRegion { get; }

    /// <summary>The calls made so far, in all regions.</summary>
    AwsCallLog Calls { get; }

    /// <summary>EC2 in one region; always the same object.</summary>
    Ec2Region In(string region);

    /// <summary>The regions to process: those specified, or all that are enabled for the account (one call).</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>.</exception>
    Task<IReadOnlyList<string>> RegionsAsync(CancellationToken cancellationToken);

    /// <summary>All regions that are enabled for the account (one cached call) or were specified, except excluded ones.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>.</exception>
    Task<IReadOnlyList<string>> AllRegionsAsync(CancellationToken cancellationToken);
}
