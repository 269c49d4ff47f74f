using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Provision;

namespace SwarmOps.Aws.Removal;

/// <summary>All resources of a cluster in one region.</summary>
/// <param name="Region">The region.</param>
/// <param name="Instances">Its instances that are not terminated, including those not created by SwarmOps: they are its nodes.</param>
/// <param name="Groups">Its security groups that SwarmOps created.</param>
/// <param name="Addresses">Its Elastic IP addresses that SwarmOps allocated.</param>
/// <param name="KeyPairs">Its key pairs that SwarmOps imported.</param>
internal sealed record RegionResources(
    string Region,
    IReadOnlyList<Instance> Instances,
    IReadOnlyList<SecurityGroup> Groups,
    IReadOnlyList<Address> Addresses,
    IReadOnlyList<KeyPairInfo> KeyPairs
)
{
    private const string InstancePrefix = "i-";
    private const string GroupPrefix = "sg-";
    private const string AllocationPrefix = "eipalloc-";
    private const string KeyPrefix = "key-";

    /// <summary>The prefixes of the ids of the resources.</summary>
    public static readonly IReadOnlyList<string> Prefixes = [InstancePrefix, GroupPrefix, AllocationPrefix, KeyPrefix];

    /// <summary>The part that determines the security group rules.</summary>
    public RegionInventory Inventory => new(Region, Instances, Groups);

    /// <summary>Reads a region: one call if the cluster has nothing there, otherwise five.</summary>
    public static async Task<RegionResources> FindAsync(Ec2Region region, string cluster, CancellationToken cancellationToken) =>
        (await ClusterInventory.TagsAsync(region, cluster, cancellationToken).ConfigureAwait(false)).Count == 0
            ? new RegionResources(region.Name, [], [], [], [])
            : await ReadAsync(region, cluster, _ => true, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads the kinds of resources that are asked for, with one call each, in parallel.</summary>
    /// <param name="region">The region.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="isAsked">Whether to read a kind, by its prefix; see <see cref="Prefixes"/>.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    public static async Task<RegionResources> ReadAsync(
        Ec2Region region,
        string cluster,
        Func<string, bool> isAsked,
        CancellationToken cancellationToken
    )
    {
        var reading = IfAsked(InstancePrefix, () => ClusterInventory.InstancesAsync(region, cluster, cancellationToken));
        var readingGroups = IfAsked(GroupPrefix, () => ClusterInventory.GroupsAsync(region, cluster, cancellationToken));
        var addresses = IfAsked(AllocationPrefix, () => new NodeAddresses(region, cluster, cancellationToken).ReadAsync());
        var keyPairs = IfAsked(KeyPrefix, () => KeyPairsAsync(region, cluster, cancellationToken));
        await Task.WhenAll(reading, readingGroups, addresses, keyPairs).ConfigureAwait(false);
        var (instances, groups) = (reading.Result, readingGroups.Result);
        IReadOnlyList<Address> own = [.. addresses.Result.Where(address => ClusterTags.IsOurs(address.Tags, region.Name))];
        return new RegionResources(
            region.Name,
            instances,
            groups,
            own,
            [.. keyPairs.Result.Where(pair => ClusterTags.IsOurs(pair.Tags, region.Name))]
        )
        {
            InUse = await InUseAsync(region, own, instances, cancellationToken).ConfigureAwait(false),
        };

        Task<IReadOnlyList<T>> IfAsked<T>(string prefix, Func<Task<IReadOnlyList<T>>> read) =>
            isAsked(prefix) ? read() : Task.FromResult<IReadOnlyList<T>>([]);
    }

    /// <summary>Allocation ids of addresses that are in use by a resource outside the cluster, such as a NAT gateway.</summary>
    public IReadOnlySet<string> InUse { get; init; } = new HashSet<string>();

    /// <summary>Instances with the cluster's tag that SwarmOps did not create; they are kept.</summary>
    public IReadOnlyList<Instance> Foreign => [.. Instances.Where(instance => !ClusterTags.IsOurs(instance.Tags, Region))];

    private static async Task<IReadOnlyList<KeyPairInfo>> KeyPairsAsync(
        Ec2Region region,
        string cluster,
        CancellationToken cancellationToken
    )
    {
        var request = new DescribeKeyPairsRequest { Filters = [ClusterTags.Of(cluster)] };
        var answer = await region
            .AskAsync(ec2 => ec2.DescribeKeyPairsAsync(request, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return answer.KeyPairs ?? [];
    }

    private static async Task<IReadOnlySet<string>> InUseAsync(
        Ec2Region region,
        IReadOnlyList<Address> addresses,
        IReadOnlyList<Instance> instances,
        CancellationToken cancellationToken
    )
    {
        var elsewhere = addresses
            .Where(address =>
                address.AssociationId is { Length: > 0 } && instances.All(instance => instance.InstanceId != address.InstanceId)
            )
            .ToList();
        if (elsewhere.Count == 0)
            return new HashSet<string>();
        // A terminated instance of the cluster no longer uses its address.
        var request = new DescribeInstancesRequest
        {
            Filters = [new Filter("instance-id", [.. elsewhere.Select(address => address.InstanceId ?? "").Distinct()])],
        };
        var reservations = await region
            .AskAsync(
                ec2 => ClusterInventory.CollectAsync(ec2.Paginators.DescribeInstances(request).Reservations, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
        var alive = reservations
            .SelectMany(reservation => reservation.Instances ?? [])
            .Where(instance => instance.State?.Name != InstanceStateName.Terminated)
            .Select(instance => instance.InstanceId)
            .ToHashSet();
        return elsewhere
            .Where(address => address.InstanceId is not { Length: > 0 } instance || alive.Contains(instance))
            .Select(address => address.AllocationId)
            .ToHashSet(StringComparer.Ordinal);
    }
}
