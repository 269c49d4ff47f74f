using System.Diagnostics;
using System.Globalization;
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
internal sealed class RepairGaleraOperation(IOperationContext context, RepairChoice choice, TimeSpan timeout, int throttleLimit)
{
    private const string Activity = "Repair-GaleraCluster";

    /// <summary>After a restart of all hosts the engines say "no leader" for this long (37 s were measured).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private SwarmAccess swarm = null!;
    private GaleraReader reader = null!;
    private NodeDisks disks = null!;
    private NodeSwitch nodeSwitch = null!;
    private string name = "";

    /// <summary>Repairs one cluster and emits it.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="RepairErrors"/>, <see cref="GaleraErrors"/> and the transport.</exception>
    public async Task RunAsync(IReadOnlyList<SwarmNode> nodes, string cluster)
    {
        var clock = Stopwatch.StartNew();
        name = cluster;
        swarm = await SwarmAccess.OpenAsync(context, nodes, throttleLimit, Patience).ConfigureAwait(false);
        reader = new GaleraReader(swarm, throttleLimit);
        var services = (await reader.ServicesAsync().ConfigureAwait(false))[name].ToList();
        if (services.Count == 0)
            throw GaleraErrors.GaleraNotFound(name, swarm.SwarmId);
        disks = new NodeDisks(swarm, services);
        nodeSwitch = new NodeSwitch(swarm, reader, name);

        var watch = new ClusterWatch(context, ReadAsync, Activity);
        var seen = await watch.UntilStillAsync(timeout).ConfigureAwait(false);
        if (!await StepAsync(seen, watch).ConfigureAwait(false))
            return;
        await DropMarkersAsync(seen).ConfigureAwait(false);
        context.WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"'{name}' was looked at and repaired in {clock.Elapsed.TotalSeconds:0} s."));
        context.WriteObject(await ReadAsync().ConfigureAwait(false));
    }

    private async Task<GaleraCluster> ReadAsync() => await reader.ReadAsync(name, [.. (await reader.ServicesAsync().ConfigureAwait(false))[name]]).ConfigureAwait(false);

    /// <returns>Whether it is whole now; not so when consent was refused.</returns>
    private async Task<bool> StepAsync(GaleraCluster seen, ClusterWatch watch)
    {
        if (seen.Status == GaleraStatus.Split)
            return await RejoinAsync(seen, await SplitAsync(seen).ConfigureAwait(false)).ConfigureAwait(false);
        if (!seen.GaleraNode.Any(ClusterWatch.IsPrimary))
        {
            seen = await StartStoppedAsync(seen, watch).ConfigureAwait(false);
            if (!seen.GaleraNode.Any(ClusterWatch.IsPrimary) && !await BeginAsync(seen).ConfigureAwait(false))
                return false;
            seen = await watch.UntilStillAsync(timeout, TimeSpan.FromSeconds(60)).ConfigureAwait(false);
        }

        return ClusterWatch.IsWhole(seen) || await RejoinAsync(seen, seen.Uuid).ConfigureAwait(false);
    }

    /// <summary>Which history of a split goes on.</summary>
    private async Task<string> SplitAsync(GaleraCluster seen)
    {
        var positions = await disks.PositionsAsync(seen.GaleraNode).ConfigureAwait(false);
        // Only what runs can be kept here: it goes on while the others are taken in.
        var running = positions.Where(position => seen.GaleraNode.Any(node => node.Node == position.Node && ClusterWatch.IsPrimary(node))).ToList();
        if (choice.Uuid is null && choice.From is null)
            throw RepairErrors.GaleraHistoriesDiffer(name, positions);
        return RepairDecision.Make(name, running, choice with { Force = true }).Chosen.Uuid!;
    }

    /// <summary>Starts what a repair that was cut off has stopped: only a running node recovers its position.</summary>
    private async Task<GaleraCluster> StartStoppedAsync(GaleraCluster seen, ClusterWatch watch)
    {
        var started = 0;
        foreach (var node in seen.GaleraNode)
        {
            if (!await nodeSwitch.IsStoppedAsync(node).ConfigureAwait(false) || !await context.ShouldProcessAsync($"{name} on {node.Node}", "start the node, which is switched off").ConfigureAwait(false))
                continue;
            await StartAsync(node).ConfigureAwait(false);
            started++;
        }

        return started == 0 ? seen : await watch.UntilStillAsync(timeout).ConfigureAwait(false);
    }

    /// <summary>Begins again from the furthest node, where there is no Primary component.</summary>
    private async Task<bool> BeginAsync(GaleraCluster seen)
    {
        var decision = RepairDecision.Make(name, await disks.PositionsAsync(seen.GaleraNode).ConfigureAwait(false), choice);
        context.WriteVerbose(decision.ToString());
        foreach (var loss in decision.Losses)
            context.WriteWarning($"'{name}': this may be lost: {loss}.");
        foreach (var other in decision.Aside)
        {
            if (!await SetAsideAsync(Node(seen, other.Node), $"it holds another history ({other})").ConfigureAwait(false))
                return false;
            await StartAsync(Node(seen, other.Node)).ConfigureAwait(false);
        }

        if (!await context.ShouldProcessAsync($"{name} on {decision.Chosen.Node}", decision.ToString()).ConfigureAwait(false))
            return false;
        var chosen = Node(seen, decision.Chosen.Node);
        // One that neither waits nor forms would take the marker for a thing of the past as soon as it meets another of its kind.
        var stuck = seen.GaleraNode.Where(node => node.State != GaleraReport.Waiting && node.State != "NotRunning" && node.State != "Unknown").ToList();
        await Task.WhenAll(stuck.Select(nodeSwitch.StopAsync)).ConfigureAwait(false);
        await RequireNonePrimaryAsync().ConfigureAwait(false);
        foreach (var node in seen.GaleraNode.Where(node => node != chosen && decision.Positions.Any(position => position.Node == node.Node && position.Unknown is null)))
            await disks.UnmarkAsync(node).ConfigureAwait(false);
        await disks.MarkAsync(chosen).ConfigureAwait(false);
        await StartAsync(chosen).ConfigureAwait(false);
        await WaitAsync([chosen.Node], 1, seen.Image).ConfigureAwait(false);
        foreach (var node in stuck.Where(node => node != chosen))
            await StartAsync(node).ConfigureAwait(false);
        return true;
    }

    private async Task RequireNonePrimaryAsync()
    {
        var primary = (await ReadAsync().ConfigureAwait(false)).GaleraNode.Where(ClusterWatch.IsPrimary).Select(node => node.Node).ToList();
        if (primary.Count > 0)
            throw RepairErrors.GaleraRevived(name, string.Join(", ", primary));
    }

    /// <summary>Takes nodes that stay out into the component that holds a history, one after the other. Those of another history are all moved aside before the first.</summary>
    private async Task<bool> RejoinAsync(GaleraCluster seen, string? uuid)
    {
        var whole = seen with { Uuid = uuid };
        var outside = whole.GaleraNode.Where(node => !ClusterWatch.TakesPart(node, whole)).ToList();
        var present = whole.GaleraNode.Count - outside.Count;
        var all = true;
        foreach (var node in outside.ToList())
        {
            if (await TryAsync(() => PartAsync(node, whole)).ConfigureAwait(false))
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
            await WaitAsync([.. whole.GaleraNode.Select(node => node.Node)], whole.ExpectedSize, whole.Image).ConfigureAwait(false);
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

    /// <summary>Moves data of another history aside and leaves the node switched off.</summary>
    /// <returns>Whether there is none any more.</returns>
    private async Task<bool> PartAsync(GaleraNode node, GaleraCluster whole)
    {
        var disk = await disks.LookAsync(node).ConfigureAwait(false);
        var held = ClusterWatch.IsPrimary(node) ? node.Uuid : disk.Uuid;
        return held is null || held == whole.Uuid || await SetAsideAsync(node, $"it holds another history ({held})").ConfigureAwait(false);
    }

    private async Task<bool> TakeInAsync(GaleraNode node, GaleraCluster whole, int size)
    {
        var arrival = new NodeArrival(context, ReadAsync, Activity);
        var isStopped = await nodeSwitch.IsStoppedAsync(node).ConfigureAwait(false);
        if (!await context.ShouldProcessAsync($"{name} on {node.Node}", isStopped ? "start the node" : $"start the node anew ({GaleraWait.Words(node, whole)})").ConfigureAwait(false))
            return false;
        if (!isStopped)
            await nodeSwitch.StopAsync(node).ConfigureAwait(false);
        await StartAsync(node).ConfigureAwait(false);
        if (await arrival.ArrivesAsync(node.Node, size, timeout).ConfigureAwait(false))
            return true;
        if (!await SetAsideAsync(node, "started anew, it does not come back").ConfigureAwait(false))
            return false;
        await StartAsync(node).ConfigureAwait(false);
        await WaitAsync([node.Node], size, whole.Image).ConfigureAwait(false);
        return true;
    }

    /// <summary>Stops a node and moves its data aside: started again, it gets all by a full state transfer.</summary>
    private async Task<bool> SetAsideAsync(GaleraNode node, string why)
    {
        if (!await context.ShouldProcessAsync($"{name} on {node.Node}", $"stop the node, move {disks.Path(node)} aside (nothing is deleted), and let it get all data anew: {why}").ConfigureAwait(false))
            return false;
        await nodeSwitch.StopAsync(node).ConfigureAwait(false);
        var aside = await disks.MoveAsideAsync(node).ConfigureAwait(false);
        context.WriteWarning($"'{node.Node}': the data that was there is in {aside} now; remove it when nobody needs it any more.");
        return true;
    }

    private async Task StartAsync(GaleraNode node)
    {
        await disks.MakeAsync(node).ConfigureAwait(false);
        await nodeSwitch.StartAsync(node).ConfigureAwait(false);
    }

    /// <summary>Takes away what would let a node found a second cluster one day.</summary>
    private async Task DropMarkersAsync(GaleraCluster seen)
    {
        foreach (var node in seen.GaleraNode.Where(node => swarm.Nodes.Any(host => host.Name == node.Node)))
        {
            if ((await disks.LookAsync(node).ConfigureAwait(false)).HasMarker && await context.ShouldProcessAsync($"{name} on {node.Node}", "remove the marker that lets it found a cluster").ConfigureAwait(false))
                await disks.UnmarkAsync(node).ConfigureAwait(false);
        }
    }

    private static GaleraNode Node(GaleraCluster cluster, string node) => cluster.GaleraNode.First(candidate => candidate.Node == node);

    private Task WaitAsync(IReadOnlyList<string> hosts, int size, string image) => new GaleraWait(context, ReadAsync, Activity).ForAsync(hosts, size, image, timeout);
}
