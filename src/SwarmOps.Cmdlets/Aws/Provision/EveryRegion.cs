using SwarmOps.Aws.Api;

namespace SwarmOps.Aws.Provision;

/// <summary>The same clients without the user's selection of regions: a new node needs rules in all of the cluster's regions, not only in its own.</summary>
internal sealed class EveryRegion(IEc2Clients clients) : IEc2Clients
{
    /// <inheritdoc/>
    public IReadOnlyList<string> GivenRegions => [];

    /// <inheritdoc/>
    public IReadOnlyList<string> ExcludedRegions => clients.ExcludedRegions;

    /// <inheritdoc/>
    public string? DefaultRegion => clients.DefaultRegion;

    /// <inheritdoc/>
    public AwsCallLog Calls => clients.Calls;

    /// <inheritdoc/>
    public Ec2Region In(string region) => clients.In(region);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> RegionsAsync(CancellationToken cancellationToken) => clients.AllRegionsAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> AllRegionsAsync(CancellationToken cancellationToken) => clients.AllRegionsAsync(cancellationToken);

    /// <summary>Does nothing: the clients are owned elsewhere.</summary>
    public void Dispose() { }
}
