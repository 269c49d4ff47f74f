using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Removal;

/// <summary>Verifies that nothing with a cluster's tag is left in a region.</summary>
internal sealed class LeftoverCheck(Ec2Region region, TimeSpan timeout, CancellationToken cancellationToken)
{
    /// <summary>Id prefixes of the resources that are read themselves. A network interface is deleted with its instance.</summary>
    private static readonly string[] LookedFor = [.. RegionResources.Prefixes, "vol-", "eni-"];

    /// <summary>Runs the check; waits for resources that EC2 deletes with a delay, such as volumes of terminated instances.</summary>
    /// <exception cref="SwarmOpsException"><c>ClusterNotGone</c>; those of <see cref="Ec2Errors"/>.</exception>
    public async Task RunAsync(string cluster)
    {
        var pauses = RegionTeardown.PausesFor(timeout, cancellationToken);
        IReadOnlyList<string> left;
        do
        {
            left = await ReadAsync(cluster).ConfigureAwait(false);
            if (left.Count == 0)
                return;
        } while (await pauses.NextAsync().ConfigureAwait(false));
        throw RemovalErrors.ClusterNotGone(cluster, region.Name, left);
    }

    /// <summary>
    /// EC2's list of tags lags behind and contains terminated instances for about an hour, so the resources that it names are read themselves, by kind. What this run
    /// has deleted, EC2 has confirmed before.
    /// </summary>
    private async Task<IReadOnlyList<string>> ReadAsync(string cluster)
    {
        var marked = await MarkedAsync(cluster).ConfigureAwait(false);
        var volumes = IsNamed("vol-") ? VolumesAsync(cluster) : Task.FromResult<IReadOnlyList<Volume>>([]);
        var resources = RegionResources.ReadAsync(region, cluster, IsNamed, cancellationToken);
        await Task.WhenAll(resources, volumes).ConfigureAwait(false);
        var found = resources.Result;
        return
        [
            .. found.Instances.Except(found.Foreign).Select(instance => instance.InstanceId),
            .. found.Groups.Select(group => group.GroupId),
            // An address that another resource uses was kept on purpose.
            .. found.Addresses.Where(address => !found.InUse.Contains(address.AllocationId)).Select(address => address.AllocationId),
            .. found.KeyPairs.Select(pair => pair.KeyPairId),
            .. volumes.Result.Select(volume => volume.VolumeId),
            .. marked.Where(resource => !LookedFor.Any(prefix => resource.StartsWith(prefix, StringComparison.Ordinal))),
        ];

        bool IsNamed(string prefix) => marked.Any(resource => resource.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Ids of all resources with the cluster's tag and SwarmOps' own tag, from EC2's list of tags: one call for both.</summary>
    private async Task<IReadOnlyList<string>> MarkedAsync(string cluster)
    {
        var request = new DescribeTagsRequest
        {
            Filters = [new Filter("key", [ClusterTags.Cluster, ClusterTags.Region]), new Filter("value", [cluster, region.Name])],
        };
        var tags = await region
            .AskAsync(ec2 => ClusterInventory.CollectAsync(ec2.Paginators.DescribeTags(request).Tags, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return [.. Having(ClusterTags.Cluster, cluster).Intersect(Having(ClusterTags.Region, region.Name))];

        IEnumerable<string> Having(string key, string value) =>
            tags.Where(tag => tag.Key == key && tag.Value == value).Select(tag => tag.ResourceId);
    }

    private async Task<IReadOnlyList<Volume>> VolumesAsync(string cluster)
    {
        var request = new DescribeVolumesRequest { Filters = [ClusterTags.Of(cluster)] };
        var volumes = await region
            .AskAsync(
                ec2 => ClusterInventory.CollectAsync(ec2.Paginators.DescribeVolumes(request).Volumes, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
        return
        [
            .. volumes.Where(volume =>
                volume.State != VolumeState.Deleting && volume.State != VolumeState.Deleted && ClusterTags.IsOurs(volume.Tags, region.Name)
            ),
        ];
    }
}
