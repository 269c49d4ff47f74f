using System.Diagnostics;
using System.Globalization;
using System.Net;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.Galera.Repair;

/// <summary>Brings a cluster back that does not come back by itself: after a full outage, from a split, or a node that stays out.</summary>
/// <param name="context">The stage that works.</param>
/// <param name="choice">What the user chose.</param>
/// <param name="timeout">How long each node may take until it is Synced.</param>
/// <param name="throttleLimit">How many nodes are asked at the same time.</param>
/// <param name="login">A database account to ask with; null takes the cluster's secret.</param>
internal sealed class RepairGaleraOperation(IOperationContext context, RepairChoice choice, TimeSpan timeout, int throttleLimit, NetworkCredential? login = null)
{
    /// <summary>After a restart of all hosts the engines say "no leader" for this long (37 s were measured).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private RepairSite site = null!;

    /// <summary>Repairs one cluster and emits it.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="RepairErrors"/>, <see cref="GaleraErrors"/> and the transport.</exception>
    public async Task RunAsync(IReadOnlyList<SwarmNode> nodes, string cluster)
    {
        var clock = Stopwatch.StartNew();
        var swarm = await SwarmAccess.OpenAsync(context, nodes, throttleLimit, Patience).ConfigureAwait(false);
        site = await RepairSite.FindAsync(context, swarm, new GaleraReader(swarm, throttleLimit, login), cluster, timeout).ConfigureAwait(false);

        try
        {
            await RunAsync(cluster, clock).ConfigureAwait(false);
        }
        finally
        {
            await site.StartStoppedAsync().ConfigureAwait(false);
        }
    }

    private async Task RunAsync(string cluster, Stopwatch clock)
    {
        var watch = new ClusterWatch(context, site.ReadAsync, RepairSite.Activity);
        var seen = await watch.UntilStillAsync(timeout).ConfigureAwait(false);
        if (!await StepAsync(seen, watch).ConfigureAwait(false))
            return;
        await DropMarkersAsync(seen).ConfigureAwait(false);
        context.WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"'{cluster}' was looked at and repaired in {clock.Elapsed.TotalSeconds:0} s."));
        context.WriteObject(await site.ReadAsync().ConfigureAwait(false));
    }

    /// <returns>Whether it is whole now; not so when consent was refused.</returns>
    private async Task<bool> StepAsync(GaleraCluster seen, ClusterWatch watch)
    {
        if (seen.Status == GaleraStatus.Split)
            return await new NodeRejoin(context, site).RunAsync(seen, await SplitAsync(seen).ConfigureAwait(false)).ConfigureAwait(false);
        if (!seen.GaleraNode.Any(ClusterWatch.IsPrimary))
        {
            // A server that does not say how it is may be Synced: it is not stopped, whatever else is wrong.
            site.RequireTold(seen);
            seen = await StartStoppedAsync(seen, watch).ConfigureAwait(false);
            if (!seen.GaleraNode.Any(ClusterWatch.IsPrimary) && !await new ClusterRevival(context, site, choice).RunAsync(seen).ConfigureAwait(false))
                return false;
            seen = await watch.UntilStillAsync(timeout, TimeSpan.FromSeconds(60)).ConfigureAwait(false);
        }

        var primary = seen.GaleraNode.Where(ClusterWatch.IsPrimary).Select(node => node.Node).ToList();
        if (primary.Count == 0)
            throw GaleraErrors.GaleraNodeNotSynced(seen.GaleraNode[0].Node, GaleraWait.Words(seen.GaleraNode[0], seen), timeout);
        // What joined a component without a history, or was restarted in it, would lose its data.
        if (seen.Uuid is null)
            throw RepairErrors.GaleraHistoryMissing(site.Name, primary);
        return ClusterWatch.IsWhole(seen) || await new NodeRejoin(context, site).RunAsync(seen, seen.Uuid).ConfigureAwait(false);
    }

    /// <summary>Which history of a split goes on.</summary>
    private async Task<string> SplitAsync(GaleraCluster seen)
    {
        var positions = await site.Disks.PositionsAsync(seen.GaleraNode).ConfigureAwait(false);
        // Only what runs can be kept here: it goes on while the others are taken in.
        var running = positions.Where(position => seen.GaleraNode.Any(node => node.Node == position.Node && ClusterWatch.IsPrimary(node))).ToList();
        if (choice.Uuid is null && choice.From is null)
            throw RepairErrors.GaleraHistoriesDiffer(site.Name, positions);
        return RepairDecision.Make(site.Name, running, choice with { Force = true }).Chosen.Uuid!;
    }

    /// <summary>Starts what a repair that was cut off has stopped: only a running node recovers its position.</summary>
    private async Task<GaleraCluster> StartStoppedAsync(GaleraCluster seen, ClusterWatch watch)
    {
        var started = 0;
        foreach (var node in seen.GaleraNode)
        {
            if (!await site.Power.IsStoppedAsync(node).ConfigureAwait(false) || !await context.ShouldProcessAsync($"{site.Name} on {node.Node}", "start the node, which is switched off").ConfigureAwait(false))
                continue;
            await site.StartAsync(node).ConfigureAwait(false);
            started++;
        }

        return started == 0 ? seen : await watch.UntilStillAsync(timeout).ConfigureAwait(false);
    }

    /// <summary>Takes away what would let a node found a second cluster one day.</summary>
    private async Task DropMarkersAsync(GaleraCluster seen)
    {
        foreach (var node in seen.GaleraNode.Where(node => !node.IsArbitrator && site.Swarm.Nodes.Any(host => host.Name == node.Node)))
        {
            if ((await site.Disks.LookAsync(node).ConfigureAwait(false)).HasMarker && await context.ShouldProcessAsync($"{site.Name} on {node.Node}", "remove the marker that lets it found a cluster").ConfigureAwait(false))
                await site.Disks.UnmarkAsync(node).ConfigureAwait(false);
        }
    }
}
