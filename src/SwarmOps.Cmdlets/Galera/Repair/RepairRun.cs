using System.Diagnostics;
using System.Globalization;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Repair;

/// <summary>The repair of a cluster that has been found.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="site">The cluster.</param>
/// <param name="choice">What the user chose.</param>
internal sealed class RepairRun(IOperationContext context, RepairSite site, RepairChoice choice)
{
    private readonly ClusterWatch watch = new(context, site.ReadAsync, RepairSite.Activity);

    /// <summary>Repairs the cluster and writes it to the pipeline.</summary>
    /// <param name="clock">Runs since the cmdlet's start.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="RepairErrors"/>, <see cref="GaleraErrors"/> and the transport.</exception>
    public async Task RunAsync(Stopwatch clock)
    {
        var seen = await watch.UntilStillAsync(site.Timeout).ConfigureAwait(false);
        if (seen.Status != GaleraStatus.Split && ClusterWatch.IsTransferring(seen))
            throw RepairErrors.GaleraTransferInProgress(seen);
        if (!await StepAsync(seen).ConfigureAwait(false))
            return;
        await DropMarkersAsync(seen).ConfigureAwait(false);
        context.WriteVerbose(
            string.Create(CultureInfo.InvariantCulture, $"'{site.Name}' was checked and repaired in {clock.Elapsed.TotalSeconds:0} s.")
        );
        var whole = await site.ReadAsync().ConfigureAwait(false);
        await site.RecordAsync(whole).ConfigureAwait(false);
        context.WriteObject(whole);
    }

    /// <returns>Whether the cluster is complete now; false if the user declined.</returns>
    private async Task<bool> StepAsync(GaleraCluster seen)
    {
        if (seen.Status == GaleraStatus.Split)
            return await new NodeRejoin(context, site).RunAsync(seen, await KeptAsync(seen).ConfigureAwait(false)).ConfigureAwait(false);
        if (!seen.GaleraNodes.Any(ClusterWatch.IsPrimary))
        {
            // A server that does not report its state may be Synced, so it is not stopped, whatever else is wrong.
            site.RequireTold(seen, choice.Force);
            seen = await StartStoppedAsync(seen).ConfigureAwait(false);
            if (
                !seen.GaleraNodes.Any(ClusterWatch.IsPrimary)
                && !await new ClusterRevival(context, site, choice).RunAsync(seen).ConfigureAwait(false)
            )
                return false;
            seen = await watch.UntilStillAsync(site.Timeout, TimeSpan.FromSeconds(60)).ConfigureAwait(false);
        }

        var primary = seen.GaleraNodes.Where(ClusterWatch.IsPrimary).Select(node => node.Node).ToList();
        if (primary.Count == 0)
            throw GaleraErrors.GaleraNodeNotSynced(seen.GaleraNodes[0].Node, GaleraWait.Words(seen.GaleraNodes[0], seen), site.Timeout);
        if (seen.Status == GaleraStatus.Split)
            return await new NodeRejoin(context, site).RunAsync(seen, await KeptAsync(seen).ConfigureAwait(false)).ConfigureAwait(false);
        // A node that joins a component without a state UUID, or restarts in it, would lose its data.
        if (seen.Uuid is null)
            throw RepairErrors.GaleraHistoryMissing(site.Name, primary);
        if (ClusterWatch.IsTransferring(seen))
            throw RepairErrors.GaleraTransferInProgress(seen);
        return ClusterWatch.IsWhole(seen)
            || await new NodeRejoin(context, site).RunAsync(seen, new KeptComponent(seen.Uuid)).ConfigureAwait(false);
    }

    /// <summary>Which component of a split is kept: only a running one, since the other nodes rejoin it.</summary>
    private async Task<KeptComponent> KeptAsync(GaleraCluster seen)
    {
        var components = GaleraComponents.Of(seen.GaleraNodes);
        var chosen = components
            .Where(component =>
                (choice.Uuid is null || string.Equals(component[0].Uuid, choice.Uuid, StringComparison.OrdinalIgnoreCase))
                && (choice.From is null || component.Any(node => node.Node == choice.From))
            )
            .ToList();
        if (chosen.Count == 0)
            throw RepairErrors.GaleraHistoryUnknown(
                choice.From ?? choice.Uuid!,
                await site.Disks.PositionsAsync(seen.GaleraNodes).ConfigureAwait(false)
            );
        if (chosen.Count > 1 && chosen.DistinctBy(component => component[0].Uuid).Count() < chosen.Count)
            throw RepairErrors.GaleraComponentsDiffer(site.Name, chosen.Select(GaleraComponents.Words));
        // A Primary Component without a state UUID is another component, too; its data is moved aside only by the user's choice.
        if (chosen.Count > 1 || (choice.Uuid is null && choice.From is null))
            throw RepairErrors.GaleraHistoriesDiffer(site.Name, await site.Disks.PositionsAsync(seen.GaleraNodes).ConfigureAwait(false));
        var uuid = chosen[0][0].Uuid;
        return new KeptComponent(uuid)
        {
            Nodes = [.. chosen[0].Select(node => node.Node)],
            HasTwins = components.Count(component => component[0].Uuid == uuid) > 1,
        };
    }

    /// <summary>Starts nodes that an interrupted repair has stopped: only a running node recovers its position.</summary>
    private async Task<GaleraCluster> StartStoppedAsync(GaleraCluster seen)
    {
        var started = 0;
        foreach (var node in seen.GaleraNodes)
        {
            // A node whose disk cannot be inspected is not started: if its position is needed, its host must be in the node set.
            if (!node.IsArbitrator && site.Swarm.Nodes.All(host => host.Name != node.Node))
                continue;
            if (
                !await site.Power.IsStoppedAsync(node).ConfigureAwait(false)
                || !await context.ShouldProcessAsync($"{site.Name} on {node.Node}", "Start the stopped node").ConfigureAwait(false)
            )
                continue;
            try
            {
                // A decision of an interrupted run is made again, from the current positions.
                if (!node.IsArbitrator)
                    await site.Disks.UnmarkAsync(node).ConfigureAwait(false);
                await site.StartAsync(node).ConfigureAwait(false);
                started++;
            }
            catch (SwarmOpsException error) when (choice.Force && error.Kind == ErrorKind.Connection)
            {
                context.WriteWarning($"{node.Node}: the stopped node could not be started: {error.Message}");
            }
        }

        return started == 0 ? seen : await watch.UntilStillAsync(site.Timeout).ConfigureAwait(false);
    }

    /// <summary>Removes markers that could make a node bootstrap a second cluster later.</summary>
    private async Task DropMarkersAsync(GaleraCluster seen)
    {
        foreach (var node in seen.GaleraNodes.Where(node => !node.IsArbitrator && site.Swarm.Nodes.Any(host => host.Name == node.Node)))
        {
            var disk = await site.Disks.LookAsync(node).ConfigureAwait(false);
            if (
                disk.IsCondemned
                && await context
                    .ShouldProcessAsync(
                        $"{site.Name} on {node.Node}",
                        "Remove the mark that its data must be moved aside, since it has rejoined"
                    )
                    .ConfigureAwait(false)
            )
                await site.Disks.AbsolveAsync(node).ConfigureAwait(false);
            if (
                disk.HasMarker
                && await context.ShouldProcessAsync($"{site.Name} on {node.Node}", "Remove the bootstrap marker").ConfigureAwait(false)
            )
                await site.Disks.UnmarkAsync(node).ConfigureAwait(false);
        }
    }
}
