using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Session;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Removal;

/// <summary>Finds the clusters of nodes by their instances' tags: an instance without the tags was not created by SwarmOps and is not changed.</summary>
internal static class GivenNodes
{
    /// <summary>Groups nodes by cluster; those that cannot be removed are reported.</summary>
    public static async Task<IReadOnlyList<RemovalSelection>> SelectAsync(
        IOperationContext context,
        IEc2Clients clients,
        IReadOnlyList<SwarmNode> nodes,
        int throttleLimit
    )
    {
        foreach (var node in nodes.Where(node => !IsInstance(node)))
            context.WriteError(RemovalErrors.NodeNotAnInstance(node));
        var regions = nodes.Where(IsInstance).GroupBy(node => node.Region!).ToDictionary(region => region.Key, region => region.ToList());
        var outcomes = await RegionWork
            .InAllAsync(
                [.. regions.Keys],
                throttleLimit,
                region => SortAsync(context, clients.In(region), regions[region]),
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return
        [
            .. outcomes
                .Reported(context, [.. regions.Keys])
                .SelectMany(sorted => sorted)
                .GroupBy(entry => entry.Cluster)
                .Select(cluster => new RemovalSelection(cluster.Key, [.. cluster.Select(entry => entry.Node)], [])),
        ];
    }

    private static async Task<List<(string Cluster, SwarmNode Node)>> SortAsync(
        IOperationContext context,
        Ec2Region region,
        List<SwarmNode> nodes
    )
    {
        var request = new DescribeInstancesRequest { Filters = [new Filter("instance-id", [.. nodes.Select(node => node.InstanceId!)])] };
        var reservations = await region
            .AskAsync(
                ec2 => ClusterInventory.CollectAsync(ec2.Paginators.DescribeInstances(request).Reservations, context.CancellationToken),
                context.CancellationToken
            )
            .ConfigureAwait(false);
        var tags = reservations
            .SelectMany(reservation => reservation.Instances ?? [])
            .ToDictionary(instance => instance.InstanceId, instance => instance.Tags);
        var sorted = new List<(string, SwarmNode)>();
        foreach (var node in nodes)
        {
            // EC2 drops a terminated instance after an hour; its name still contains the cluster.
            var cluster = tags.TryGetValue(node.InstanceId!, out var own)
                ? ClusterTags.IsOurs(own, region.Name)
                    ? ClusterTags.Read(own, ClusterTags.Cluster)
                    : null
                : ClusterNames.OfNode(node.Name, node.Region!);
            if (cluster is null)
                context.WriteError(RemovalErrors.InstanceNotOfACluster(node));
            else
                sorted.Add((cluster, node));
        }

        return sorted;
    }

    private static bool IsInstance(SwarmNode node) => node is { InstanceId.Length: > 0, Region: { } region } && RegionNames.IsValid(region);
}
