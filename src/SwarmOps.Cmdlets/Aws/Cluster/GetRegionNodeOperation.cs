using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Cluster;

/// <summary>Rebuilds node sets from tags, with one call per region.</summary>
internal sealed class GetRegionNodeOperation(IOperationContext context, IEc2Clients clients, GetRegionNodeRequest request)
{
    /// <summary>Writes the nodes to the pipeline, ordered by region and name. A region that cannot be queried is reported and the others are still read.</summary>
    public async Task RunAsync()
    {
        // EC2's wildcards differ from PowerShell's: only a single literal name is filtered by EC2, anything else here.
        var asked = request.Clusters is [{ IsPattern: false } only] ? ClusterNames.Check(only.Text) : null;
        var regions = await clients.RegionsAsync(context.CancellationToken).ConfigureAwait(false);
        var outcomes = await RegionWork
            .InAllAsync(regions, request.ThrottleLimit, region => ReadAsync(region, asked), context.CancellationToken)
            .ConfigureAwait(false);
        var found = outcomes.Reported(context, clients.GivenRegions).SelectMany(region => region).ToList();
        var unknown = outcomes.Unknown();
        if (unknown.Count < regions.Count)
        {
            foreach (
                var name in request.Clusters.Where(cluster => !cluster.IsPattern && !found.Any(entry => cluster.Matches(entry.Cluster)))
            )
                context.WriteError(AwsErrors.ClusterNotFound(name.Text, [.. regions.Except(unknown)], unknown));
        }

        var chosen = found.Where(entry => request.Clusters.Any(cluster => cluster.Matches(entry.Cluster))).ToList();
        var named = request.Names.Choose(
            context,
            chosen,
            entry => entry.Node.Name,
            name => AwsErrors.RegionNodeNotFound(name, chosen.Select(entry => entry.Node.Name))
        );
        foreach (var (_, node, state) in named)
        {
            Warn(node, state);
            context.WriteObject(node);
        }
    }

    private async Task<IReadOnlyList<(string Cluster, SwarmNode Node, InstanceStateName State)>> ReadAsync(string region, string? asked)
    {
        var instances = await ClusterInventory.InstancesAsync(clients.In(region), asked, context.CancellationToken).ConfigureAwait(false);
        return [.. instances.Where(instance => !InstanceStates.IsGoing(instance)).Select(instance => Describe(instance, region))];
    }

    private (string Cluster, SwarmNode Node, InstanceStateName State) Describe(Instance instance, string region)
    {
        var cluster = ClusterTags.Read(instance.Tags, ClusterTags.Cluster) ?? "";
        var key =
            request.KeyFilePath
            ?? (request.Credential is null && ClusterNames.KeyFile(cluster) is var own && File.Exists(own) ? own : null);
        return (
            cluster,
            InstanceMapper.ToNode(instance, region, key, request.Credential),
            instance.State?.Name ?? InstanceStateName.Running
        );
    }

    private void Warn(SwarmNode node, InstanceStateName state)
    {
        if (state != InstanceStateName.Running)
            context.WriteWarning($"'{node.Name}' ({node.InstanceId} in {node.Region}) is {state}; it must be running to be reachable.");
        else if (node.HostKeyFingerprint is null)
            context.WriteWarning(
                $"'{node.Name}' ({node.InstanceId} in {node.Region}) has no SSH host key in its tags, because its creation was not completed. Run New-SwarmRegionNode with the same parameters again."
            );
    }
}
