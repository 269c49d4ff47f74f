using System.Diagnostics;
using System.Globalization;
using System.Net;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Swarm.Access;

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
        var swarm = await SwarmSession.OpenAsync(context, nodes, throttleLimit, Patience).ConfigureAwait(false);
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
        if (seen.Status != GaleraStatus.Split && ClusterWatch.IsTransferring(seen))
            throw RepairErrors.GaleraTransferInProgress(seen);
        if (!await StepAsync(seen, watch).ConfigureAwait(false))
            return;
        await DropMarkersAsync(seen).ConfigureAwait(false);
        context.WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"'{cluster}' was looked at and repaired in {clock.Elapsed.TotalSeconds:0} s."));
        var whole = await site.ReadAsync().ConfigureAwait(false);
        await site.RecordAsync(whole).ConfigureAwait(false);
        context.WriteObject(whole);
    }

    /// <returns>Whether it is whole now; not so when consent was refused.</returns>
    private async Task<bool> StepAsync(GaleraCluster seen, ClusterWatch watch)
    {
        if (seen.Status == GaleraStatus.Split)
            return await new NodeRejoin(context, site).RunAsync(seen, await KeptAsync(seen).ConfigureAwait(false)).ConfigureAwait(false);
        if (!seen.GaleraNode.Any(ClusterWatch.IsPrimary))
        {
            // A server that does not say how it is may be Synced: it is not stopped, whatever else is wrong.
            site.RequireTold(seen, choice.Force);
            seen = await StartStoppedAsync(seen, watch).ConfigureAwait(false);
            if (!seen.GaleraNode.Any(ClusterWatch.IsPrimary) && !await new ClusterRevival(context, site, choice).RunAsync(seen).ConfigureAwait(false))
                return false;
            seen = await watch.UntilStillAsync(timeout, TimeSpan.FromSeconds(60)).ConfigureAwait(false);
        }

        var primary = seen.GaleraNode.Where(ClusterWatch.IsPrimary).Select(node => node.Node).ToList();
        if (primary.Count == 0)
            throw GaleraErrors.GaleraNodeNotSynced(seen.GaleraNode[0].Node, GaleraWait.Words(seen.GaleraNode[0], seen), timeout);
        if (seen.Status == GaleraStatus.Split)
            return await new NodeRejoin(context, site).RunAsync(seen, await KeptAsync(seen).ConfigureAwait(false)).ConfigureAwait(false);
        // What joined a component without a history, or was restarted in it, would lose its data.
        if (seen.Uuid is null)
            throw RepairErrors.GaleraHistoryMissing(site.Name, primary);
        if (ClusterWatch.IsTransferring(seen))
            throw RepairErrors.GaleraTransferInProgress(seen);
        return ClusterWatch.IsWhole(seen) || await new NodeRejoin(context, site).RunAsync(seen, new KeptComponent(seen.Uuid)).ConfigureAwait(false);
    }

    /// <summary>Which component of a split goes on: only what runs can be kept, since it takes the others in.</summary>
    private async Task<KeptComponent> KeptAsync(GaleraCluster seen)
    {
        var components = GaleraComponents.Of(seen.GaleraNode);
        var chosen = components.Where(component => (choice.Uuid is null || string.Equals(component[0].Uuid, choice.Uuid, StringComparison.OrdinalIgnoreCase))
            && (choice.From is null || component.Any(node => node.Node == choice.From))).ToList();
        if (chosen.Count == 0)
            throw RepairErrors.GaleraHistoryUnknown(choice.From ?? choice.Uuid!, await site.Disks.PositionsAsync(seen.GaleraNode).ConfigureAwait(false));
        if (chosen.Count > 1 && chosen.DistinctBy(component => component[0].Uuid).Count() < chosen.Count)
            throw RepairErrors.GaleraComponentsDiffer(site.Name, chosen.Select(GaleraComponents.Words));
        // One that is in a Primary component without a history is another, too; it can only be set aside by choice.
        if (chosen.Count > 1 || (choice.Uuid is null && choice.From is null))
            throw RepairErrors.GaleraHistoriesDiffer(site.Name, await site.Disks.PositionsAsync(seen.GaleraNode).ConfigureAwait(false));
        var uuid = chosen[0][0].Uuid;
        return new KeptComponent(uuid)
        {
            Nodes = [.. chosen[0].Select(node => node.Node)],
            HasTwins = components.Count(component => component[0].Uuid == uuid) > 1,
        };
    }

    /// <summary>Starts what a repair that was cut off has stopped: only a running node recovers its position.</summary>
    private async Task<GaleraCluster> StartStoppedAsync(GaleraCluster seen, ClusterWatch watch)
    {
        var started = 0;
        foreach (var node in seen.GaleraNode)
        {
            // What nobody can look at is not started: where its position is needed, its host has to be passed.
            if (!node.IsArbitrator && site.Swarm.Nodes.All(host => host.Name != node.Node))
                continue;
            if (!await site.Power.IsStoppedAsync(node).ConfigureAwait(false) || !await context.ShouldProcessAsync($"{site.Name} on {node.Node}", "start the node, which is switched off").ConfigureAwait(false))
                continue;
            try
            {
                // What a run that was ended had decided is decided anew, from where every node is now.
                if (!node.IsArbitrator)
                    await site.Disks.UnmarkAsync(node).ConfigureAwait(false);
                await site.StartAsync(node).ConfigureAwait(false);
                started++;
            }
            catch (SwarmOpsException error) when (choice.Force && error.Kind == ErrorKind.Connection)
            {
                context.WriteWarning($"{node.Node}, which is switched off, is not started: {error.Message}");
            }
        }

        return started == 0 ? seen : await watch.UntilStillAsync(timeout).ConfigureAwait(false);
    }

    /// <summary>Takes away what would let a node found a second cluster one day.</summary>
    private async Task DropMarkersAsync(GaleraCluster seen)
    {
        foreach (var node in seen.GaleraNode.Where(node => !node.IsArbitrator && site.Swarm.Nodes.Any(host => host.Name == node.Node)))
        {
            var disk = await site.Disks.LookAsync(node).ConfigureAwait(false);
            if (disk.IsCondemned && await context.ShouldProcessAsync($"{site.Name} on {node.Node}", "remove the note that its data has to be moved aside: it takes part").ConfigureAwait(false))
                await site.Disks.AbsolveAsync(node).ConfigureAwait(false);
            if (disk.HasMarker && await context.ShouldProcessAsync($"{site.Name} on {node.Node}", "remove the marker that lets it found a cluster").ConfigureAwait(false))
                await site.Disks.UnmarkAsync(node).ConfigureAwait(false);
        }
    }
}
