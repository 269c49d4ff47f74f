using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;

namespace SwarmOps.Aws.Cluster;

/// <summary>Reads the resources with a cluster's tag in one region.</summary>
internal static class ClusterInventory
{
    /// <summary>A filter for every cluster.</summary>
    private static readonly Filter AnyCluster = new("tag-key", [ClusterTags.Cluster]);

    /// <summary>The instances of a cluster, or of all clusters, that are not terminated.</summary>
    public static async Task<IReadOnlyList<Instance>> InstancesAsync(Ec2Region region, string? cluster, CancellationToken cancellationToken)
    {
        var request = new DescribeInstancesRequest { Filters = [cluster is null ? AnyCluster : ClusterTags.Of(cluster)] };
        var reservations = await region
            .AskAsync(ec2 => CollectAsync(ec2.Paginators.DescribeInstances(request).Reservations, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return
        [
            .. reservations
                .SelectMany(reservation => reservation.Instances ?? [])
                .Where(instance => !IsTerminated(instance))
                .OrderBy(instance => ClusterTags.Read(instance.Tags, ClusterTags.Name) ?? instance.InstanceId, NodeNameOrder.Comparer),
        ];
    }

    /// <summary>A cluster's security groups that SwarmOps created; others are not managed.</summary>
    public static async Task<IReadOnlyList<SecurityGroup>> GroupsAsync(
        Ec2Region region,
        string cluster,
        CancellationToken cancellationToken
    )
    {
        var request = new DescribeSecurityGroupsRequest { Filters = [ClusterTags.Of(cluster)] };
        var groups = await region
            .AskAsync(
                ec2 => CollectAsync(ec2.Paginators.DescribeSecurityGroups(request).SecurityGroups, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
        return [.. groups.Where(group => ClusterTags.IsOurs(group.Tags, region.Name))];
    }

    /// <summary>Security groups by their ids, whoever created them; those that are gone are left out.</summary>
    public static Task<IReadOnlyList<SecurityGroup>> GroupsOfAsync(
        Ec2Region region,
        IEnumerable<string> ids,
        CancellationToken cancellationToken
    )
    {
        // A filter, unlike a list of ids, is no error when one of them was deleted just now.
        var request = new DescribeSecurityGroupsRequest { Filters = [new Filter("group-id", [.. ids])] };
        return region.AskAsync(
            ec2 => CollectAsync(ec2.Paginators.DescribeSecurityGroups(request).SecurityGroups, cancellationToken),
            cancellationToken
        );
    }

    /// <summary>The resources of all kinds with a cluster's tag, from EC2's list of tags: it lags behind, and contains terminated instances for about an hour.</summary>
    public static Task<IReadOnlyList<TagDescription>> TagsAsync(Ec2Region region, string cluster, CancellationToken cancellationToken)
    {
        var request = new DescribeTagsRequest { Filters = [new Filter("key", [ClusterTags.Cluster]), new Filter("value", [cluster])] };
        return region.AskAsync(ec2 => CollectAsync(ec2.Paginators.DescribeTags(request).Tags, cancellationToken), cancellationToken);
    }

    /// <summary>Instances and security groups of a cluster, read in parallel.</summary>
    public static async Task<RegionInventory> ReadAsync(Ec2Region region, string cluster, CancellationToken cancellationToken)
    {
        var instances = InstancesAsync(region, cluster, cancellationToken);
        var groups = GroupsAsync(region, cluster, cancellationToken);
        await Task.WhenAll(instances, groups).ConfigureAwait(false);
        return new RegionInventory(region.Name, await instances.ConfigureAwait(false), await groups.ConfigureAwait(false));
    }

    /// <summary>Whether an instance is gone; EC2 lists it for about an hour.</summary>
    public static bool IsTerminated(Instance instance) => instance.State?.Name == InstanceStateName.Terminated;

    /// <summary>All pages of a response.</summary>
    public static async Task<IReadOnlyList<T>> CollectAsync<T>(IAsyncEnumerable<T> pages, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        await foreach (var item in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
            all.Add(item);
        return all;
    }
}
