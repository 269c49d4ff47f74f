namespace SwarmOps.Aws.Removal;

/// <summary>Which instances and resources of a cluster are to be removed.</summary>
/// <param name="Selection">The cluster, or some of its nodes.</param>
internal sealed record RegionRemovalRequest(RemovalSelection Selection)
{
    /// <summary>How they are removed.</summary>
    public RegionRemovalOptions Options { get; init; } = new();
}
