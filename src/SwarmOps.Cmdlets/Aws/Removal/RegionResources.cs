using Amazon.EC2.Model;

namespace SwarmOps.Aws;

/// <summary>Everything of a cluster in one region.</summary>
/// <param name="Region">The region.</param>
/// <param name="Instances">Its instances that are not terminated.</param>
/// <param name="Groups">Its security groups.</param>
/// <param name="Addresses">Its Elastic IPs.</param>
/// <param name="KeyPairs">Its key pairs.</param>
internal sealed record RegionResources(
    string Region, IReadOnlyList<Instance> Instances, IReadOnlyList<SecurityGroup> Groups, IReadOnlyList<Address> Addresses, IReadOnlyList<KeyPairInfo> KeyPairs)
{
    /// <summary>The part that the security groups' rules follow from.</summary>
    public RegionInventory Inventory => new(Region, Instances, Groups);

    /// <summary>Reads a region: one call where there is nothing of the cluster, five where there is.</summary>
    public static async Task<RegionResources> FindAsync(Ec2Region region, string cluster, CancellationToken cancellationToken) =>
        (await TaggedAsync(region, cluster, cancellationToken).ConfigureAwait(false)).Count == 0
            ? new RegionResources(region.Name, [], [], [], [])
            : await ReadAsync(region, cluster, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads a region, four calls side by side.</summary>
    public static async Task<RegionResources> ReadAsync(Ec2Region region, string cluster, CancellationToken cancellationToken)
    {
        List<Filter> filters = [ClusterTags.Of(cluster)];
        var inventory = ClusterInventory.ReadAsync(region, cluster, cancellationToken);
        var addresses = region.AskAsync(ec2 => ec2.DescribeAddressesAsync(new DescribeAddressesRequest { Filters = filters }, cancellationToken), cancellationToken);
        var keyPairs = region.AskAsync(ec2 => ec2.DescribeKeyPairsAsync(new DescribeKeyPairsRequest { Filters = filters }, cancellationToken), cancellationToken);
        await Task.WhenAll(inventory, addresses, keyPairs).ConfigureAwait(false);
        var (instances, groups) = (inventory.Result.Instances, inventory.Result.Groups);
        return new RegionResources(region.Name, instances, groups, addresses.Result.Addresses ?? [], keyPairs.Result.KeyPairs ?? []);
    }

    /// <summary>What carries the cluster's tag, in EC2's own list of tags.</summary>
    public static async Task<IReadOnlyList<TagDescription>> TaggedAsync(Ec2Region region, string cluster, CancellationToken cancellationToken)
    {
        var request = new DescribeTagsRequest { Filters = [new Filter("key", [ClusterTags.Cluster]), new Filter("value", [cluster])] };
        return await region.AskAsync(ec2 => ClusterInventory.CollectAsync(ec2.Paginators.DescribeTags(request).Tags, cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}
