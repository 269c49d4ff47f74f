using SwarmOps.Galera.Formation;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Repair;

/// <summary>Takes nodes that stay out into the component that runs.</summary>
/// <param name="context">The stage that works.</param>
/// <param name="site">The cluster.</param>
internal sealed class NodeRejoin(IOperationContext context, RepairSite site)
{
    /// <summary>
    /// Takes nodes that stay out into the component that is kept, one after the other. Data that parted from it is all moved aside before the first. A component that runs shows that there
    /// is a split, so what does not run comes before it: a run that is cut off is seen for what it was.
    /// </summary>
    public async Task<bool> RunAsync(GaleraCluster seen, KeptComponent kept)
    {
        var whole = seen with { Uuid = kept.Uuid };
        var outside = whole.GaleraNodes.Where(node => !kept.Has(node) || !ClusterWatch.IsInside(node, whole)).OrderBy(ClusterWatch.IsPrimary).ToList();
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

    /// <summary>One node's trouble is reported, and the others go on.</summary>
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

    /// <summary>Moves data aside that parted from what is kept, and leaves the node switched off.</summary>
    /// <returns>Whether there is none any more.</returns>
    private async Task<bool> PartAsync(GaleraNode node, KeptComponent kept)
    {
        if (node.IsArbitrator)
            return true;
        var disk = await site.Disks.LookAsync(node).ConfigureAwait(false);
        var why = disk.IsCondemned ? "an earlier repair has decided so"
            : WhyAside(node, disk, kept.Uuid) ?? (disk.Files > 0 && kept.HasTwins && !kept.Has(node) ? "it may hold writes of another component of this history" : null);
        return why is null || await site.SetAsideAsync(node, why).ConfigureAwait(false);
    }

    /// <summary>Why a node's data must not be overwritten by the cluster's; null when it is a part of the same history, or nothing.</summary>
    internal static string? WhyAside(GaleraNode node, DiskState disk, string? uuid)
    {
        // In a Primary component only its own word counts, and one without a history took writes that no other node has.
        if (ClusterWatch.IsPrimary(node))
            return node.Uuid is null ? "it was in a Primary component without a history" : node.Uuid == uuid ? null : $"it holds another history ({node.Uuid})";
        return disk.Uuid is null || disk.Uuid == uuid ? null : $"it holds another history ({disk.Uuid})";
    }

    private async Task<bool> TakeInAsync(GaleraNode node, GaleraCluster whole, int size)
    {
        var arrival = new NodeArrival(context, site.ReadAsync, RepairSite.Activity);
        var isStopped = await site.Power.IsStoppedAsync(node).ConfigureAwait(false);
        if (!await context.ShouldProcessAsync($"{site.Name} on {node.Node}", isStopped ? "start the node" : $"start the node anew ({GaleraWait.Words(node, whole)})").ConfigureAwait(false))
            return false;
        if (!isStopped)
            await site.StopAsync(node).ConfigureAwait(false);
        await site.StartAsync(node).ConfigureAwait(false);
        if (await arrival.ArrivesAsync(node.Node, size, site.Timeout).ConfigureAwait(false))
            return true;
        if (node.IsArbitrator)
            throw GaleraErrors.GaleraNodeNotSynced(node.Node, "the arbitrator does not connect", site.Timeout);
        if (!await site.SetAsideAsync(node, "started anew, it does not come back").ConfigureAwait(false))
            return false;
        await site.StartAsync(node).ConfigureAwait(false);
        await site.WaitAsync([node.Node], size, whole.Image).ConfigureAwait(false);
        return true;
    }
}
