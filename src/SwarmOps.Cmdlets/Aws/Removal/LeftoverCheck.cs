using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Removal;

/// <summary>Verifies that nothing with a cluster's tag is left in a region.</summary>
internal sealed class LeftoverCheck(Ec2Region region, TimeSpan timeout, CancellationToken cancellationToken)
{
    /// <summary>Id prefixes of the resources to check (a network interface is deleted with its instance). The list of tags alone lags behind and contains terminated instances for about an hour.</summary>
    private static readonly string[] LookedFor = ["i-", "sg-", "eipalloc-", "key-", "vol-", "eni-"];

    /// <summary>Runs the check; waits for resources that EC2 deletes with a delay, such as volumes of terminated instances.</summary>
    /// <exception cref="SwarmOpsException"><c>ClusterNotGone</c>; those of <see cref="Ec2Errors"/>.</exception>
    public async Task RunAsync(string cluster)
    {
        IReadOnlyList<string> left = [];
        var none = await Polling
            .UntilAsync(
                async () =>
                {
                    left = await ReadAsync(cluster).ConfigureAwait(false);
                    return left.Count == 0 ? left : null;
                },
                timeout,
                cancellationToken,
                Polling.GentlePause
            )
            .ConfigureAwait(false);
        if (none is null)
            throw RemovalErrors.ClusterNotGone(cluster, region.Name, left);
    }

    private async Task<IReadOnlyList<string>> ReadAsync(string cluster)
    {
        var tags = MarkedAsync(cluster);
        var resources = RegionResources.ReadAsync(region, cluster, cancellationToken);
        var volumes = VolumesAsync(cluster);
        await Task.WhenAll(tags, resources, volumes).ConfigureAwait(false);
        var found = resources.Result;
        return
        [
            .. found.Instances.Except(found.Foreign).Select(instance => instance.InstanceId),
            .. found.Groups.Select(group => group.GroupId),
            // An address that another resource uses was kept on purpose.
            .. found.Addresses.Where(address => !found.InUse.Contains(address.AllocationId)).Select(address => address.AllocationId),
            .. found.KeyPairs.Select(pair => pair.KeyPairId),
            .. volumes.Result.Select(volume => volume.VolumeId),
            .. tags.Result.Where(resource => !LookedFor.Any(prefix => resource.StartsWith(prefix, StringComparison.Ordinal))),
        ];
    }

    /// <summary>Ids of all resources with the cluster's tag and SwarmOps' own tag, from EC2's list of tags.</summary>
    private async Task<IReadOnlyList<string>> MarkedAsync(string cluster)
    {
        var tagged = RegionResources.TaggedAsync(region, cluster, cancellationToken);
        var request = new DescribeTagsRequest { Filters = [new Filter("key", [ClusterTags.Region]), new Filter("value", [region.Name])] };
        var marked = region.AskAsync(
            ec2 => ClusterInventory.CollectAsync(ec2.Paginators.DescribeTags(request).Tags, cancellationToken),
            cancellationToken
        );
        await Task.WhenAll(tagged, marked).ConfigureAwait(false);
        return [.. tagged.Result.Select(tag => tag.ResourceId).Intersect(marked.Result.Select(tag => tag.ResourceId))];
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
