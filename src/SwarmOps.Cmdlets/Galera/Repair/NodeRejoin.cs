using SwarmOps.Galera.Formation;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Repair;

/// <summary>Makes nodes that stay out rejoin the running component.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="site">The cluster.</param>
internal sealed class NodeRejoin(IOperationContext context, RepairSite site)
{
    /// <summary>
    /// Makes nodes rejoin the component that is kept, one at a time. All diverged data is moved aside before the first. A running component shows that there
    /// is a split, so nodes that do not run come first: after an interrupted run the split is still visible.
    /// </summary>
    public async Task<bool> RunAsync(GaleraCluster seen, KeptComponent kept)
    {
        var whole = seen with { Uuid = kept.Uuid };
        var outside = whole
            .GaleraNodes.Where(node => !kept.Has(node) || !ClusterWatch.IsInside(node, whole))
            .OrderBy(ClusterWatch.IsPrimary)
            .ToList();
        var present = whole.GaleraNodes.Count - outside.Count;
        var all = true;
        foreach (var node in outside.ToList())
        {
            if (ClusterWatch.MayTakePart(node))
            {
                context.WriteError(GaleraErrors.GaleraStatusUnknown(site.Name, [node]));
                all = false;
                outside.Remove(node);
                continue;
            }

            if (await TryAsync(() => PartAsync(node, kept)).ConfigureAwait(false))
                continue;
            all = false;
            outside.Remove(node);
        }

        foreach (var node in outside)
        {
            if (await TryAsync(() => TakeInAsync(node, whole, present + 1)).ConfigureAwait(false))
                present++;
            else
                all = false;
        }

        if (all)
            await site.WaitAsync([.. whole.GaleraNodes.Select(node => node.Node)], whole.ExpectedSize, whole.Image).ConfigureAwait(false);
        return all;
    }

    /// <summary>A node's failure is reported and the remaining nodes are still processed.</summary>
    private async Task<bool> TryAsync(Func<Task<bool>> step)
    {
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
        {
            context.WriteError(error);
            return false;
        }
    }

    /// <summary>Moves diverged data aside and leaves the node stopped.</summary>
    /// <returns>Whether the node has no diverged data any more.</returns>
    private async Task<bool> PartAsync(GaleraNode node, KeptComponent kept)
    {
        if (node.IsArbitrator)
            return true;
        var disk = await site.Disks.LookAsync(node).ConfigureAwait(false);
        var why = disk.IsCondemned
            ? "an earlier repair marked its data"
            : WhyAside(node, disk, kept.Uuid)
                ?? (
                    disk.Files > 0 && kept.HasTwins && !kept.Has(node)
                        ? "it may have writes of another component with this state UUID"
                        : null
                );
        return why is null || await site.SetAsideAsync(node, why).ConfigureAwait(false);
    }

    /// <summary>Why a node's data must be moved aside before it rejoins; null if it has the cluster's state UUID or no data.</summary>
    internal static string? WhyAside(GaleraNode node, DiskState disk, string? uuid)
    {
        // In a Primary Component only the node's own report counts, and a component without a state UUID accepted writes that no other node has.
        if (ClusterWatch.IsPrimary(node))
            return node.Uuid is null ? "it was in a Primary Component without a state UUID"
                : node.Uuid == uuid ? null
                : $"its data has another state UUID ({node.Uuid})";
        return disk.Uuid is null || disk.Uuid == uuid ? null : $"its data has another state UUID ({disk.Uuid})";
    }

    private async Task<bool> TakeInAsync(GaleraNode node, GaleraCluster whole, int size)
    {
        var arrival = new NodeArrival(context, site.ReadAsync, RepairSite.Activity);
        var isStopped = await site.Power.IsStoppedAsync(node).ConfigureAwait(false);
        if (
            !await context
                .ShouldProcessAsync(
                    $"{site.Name} on {node.Node}",
                    isStopped ? "Start the node" : $"Restart the node ({GaleraWait.Words(node, whole)})"
                )
                .ConfigureAwait(false)
        )
            return false;
        if (!isStopped)
            await site.StopAsync(node).ConfigureAwait(false);
        await site.StartAsync(node).ConfigureAwait(false);
        if (await arrival.ArrivesAsync(node.Node, size, site.Timeout).ConfigureAwait(false))
            return true;
        if (node.IsArbitrator)
            throw GaleraErrors.GaleraNodeNotSynced(node.Node, "the arbitrator is not connected", site.Timeout);
        if (!await site.SetAsideAsync(node, "it did not rejoin after a restart").ConfigureAwait(false))
            return false;
        await site.StartAsync(node).ConfigureAwait(false);
        await site.WaitAsync([node.Node], size, whole.Image).ConfigureAwait(false);
        return true;
    }
}
