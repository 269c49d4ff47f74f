using System.Collections.Concurrent;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Repair;

/// <summary>A cluster under repair, and what is done to its nodes.</summary>
internal sealed class RepairSite
{
    /// <summary>What progress is headed with.</summary>
    public const string Activity = "Repair-GaleraCluster";

    /// <summary>What is put right after a run that failed must not hold the prompt for long; the same line puts it right, too.</summary>
    private static readonly TimeSpan AftercareLimit = TimeSpan.FromSeconds(15);

    private readonly IOperationContext context;
    private readonly GaleraReader reader;
    private readonly ConcurrentDictionary<string, GaleraNode> stopped = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Uuid, long Seqno)> recovered = new(StringComparer.Ordinal);

    private RepairSite(IOperationContext context, SwarmSession swarm, GaleraReader reader, string name, NodeDisks disks, TimeSpan timeout)
    {
        (this.context, Swarm, this.reader, Name, Disks, Timeout) = (context, swarm, reader, name, disks, timeout);
        Power = new NodeSwitch(swarm, reader, name);
    }

    /// <summary>The swarm.</summary>
    public SwarmSession Swarm { get; }

    /// <summary>Name of the cluster.</summary>
    public string Name { get; }

    /// <summary>Its data directories.</summary>
    public NodeDisks Disks { get; }

    /// <summary>Its nodes' switches.</summary>
    public NodeSwitch Power { get; }

    /// <summary>How long each node may take until it is Synced.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Finds a cluster.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNotFound</c>, the transport's errors.</exception>
    public static async Task<RepairSite> FindAsync(IOperationContext context, SwarmSession swarm, GaleraReader reader, string name, TimeSpan timeout)
    {
        var services = (await reader.ServicesAsync().ConfigureAwait(false))[name].ToList();
        return services.Count == 0 ? throw GaleraErrors.GaleraNotFound(name, swarm.SwarmId) : new RepairSite(context, swarm, reader, name, new NodeDisks(swarm, services), timeout);
    }

    /// <summary>Reads the cluster from inside its nodes.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<GaleraCluster> ReadAsync() => await reader.ReadAsync(Name, [.. (await reader.ServicesAsync().ConfigureAwait(false))[Name]]).ConfigureAwait(false);

    /// <summary>Reads the cluster, and goes on only where no server is in a Primary component, or may be.</summary>
    /// <param name="force">As for <see cref="RequireTold"/>.</param>
    /// <exception cref="SwarmOpsException"><c>GaleraRevived</c>, <c>GaleraStatusUnknown</c>, the transport's errors.</exception>
    public async Task<GaleraCluster> RequireNonePrimaryAsync(bool force)
    {
        var seen = await ReadAsync().ConfigureAwait(false);
        if (seen.GaleraNode.Where(ClusterWatch.IsPrimary).Select(node => node.Node).ToList() is { Count: > 0 } primary)
            throw RepairErrors.GaleraRevived(Name, string.Join(", ", primary));
        RequireTold(seen, force);
        return seen;
    }

    /// <summary>Refuses while a server runs that does not say whether it is in a Primary component.</summary>
    /// <param name="seen">The cluster.</param>
    /// <param name="force">Whether to go on without hosts that nobody reaches: the user calls them lost, and what goes on is another history then.</param>
    /// <exception cref="SwarmOpsException"><c>GaleraStatusUnknown</c>.</exception>
    public void RequireTold(GaleraCluster seen, bool force)
    {
        if (Untold(seen, force) is { Count: > 0 } silent)
            throw GaleraErrors.GaleraStatusUnknown(Name, silent);
    }

    /// <summary>The nodes that keep a repair from beginning anything.</summary>
    internal static IReadOnlyList<GaleraNode> Untold(GaleraCluster seen, bool force) => [.. seen.GaleraNode.Where(node => node.IsSilent && !(force && node.IsHostLost))];

    /// <summary>How far every node with data is, as known now: a node that does not run recovers its position first.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<NodePosition>> PositionsAsync(GaleraCluster seen)
    {
        var recovery = new PositionRecovery(context, Timeout);
        var positions = await Disks.PositionsAsync(seen.GaleraNode).ConfigureAwait(false);
        return await Task.WhenAll(positions.Select(async position =>
        {
            var node = seen.GaleraNode.First(node => node.Node == position.Node);
            if (node.State != GaleraReport.NotRunning)
                recovered.TryRemove(node.Node, out _);
            if (position.Unknown is null || position.IsMoving || node.State != GaleraReport.NotRunning || Swarm.Nodes.FirstOrDefault(host => host.Name == node.Node) is not { } host)
                return position;
            try
            {
                if (await Power.IsRunningAsync(node).ConfigureAwait(false))
                    return position;
                if (recovered.TryGetValue(node.Node, out var earlier))
                    return position with { Unknown = null, Uuid = earlier.Uuid, Seqno = earlier.Seqno };
                if (!await context.ShouldProcessAsync($"{Name} on {node.Node}", "recover the position of the data, as a start of the database does").ConfigureAwait(false))
                    return position;
                var found = await recovery.RunAsync(host, await Power.ServiceAsync(node).ConfigureAwait(false), Disks.Path(node)).ConfigureAwait(false);
                if (found is not { } known)
                    return position;
                recovered[node.Node] = known;
                return position with { Unknown = null, Uuid = known.Uuid, Seqno = known.Seqno };
            }
            catch (SwarmOpsException error)
            {
                return position with { Unknown = $"{position.Unknown}; recovering its position failed: {error.Message}" };
            }
        })).ConfigureAwait(false);
    }
    /// <summary>Notes which hosts hold the cluster's data.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RecordAsync(GaleraCluster whole) => await new HolderRecord(context, new ServiceUpdater(Swarm)).KeepAsync(whole, [.. (await reader.ServicesAsync().ConfigureAwait(false))[Name]]).ConfigureAwait(false);

    /// <summary>Waits until hosts' nodes are Synced in a component of a size.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="GaleraWait"/>.</exception>
    public Task WaitAsync(IReadOnlyList<string> hosts, int size, string image) => new GaleraWait(context, ReadAsync, Activity).ForAsync(hosts, size, image, Timeout);

    /// <summary>Stops a node and moves its data aside: started again, it gets all by a full state transfer. Where that cannot be done is said before it is stopped.</summary>
    /// <returns>Whether that was done; not so when consent was refused.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraCannotSetAside</c>, <c>GaleraDiskTooSmall</c>, <c>GaleraNodeDoesNotStop</c>, <c>CommandFailed</c>, the transport's errors.</exception>
    public async Task<bool> SetAsideAsync(GaleraNode node, string why)
    {
        var disk = await RequireRoomAsync(node).ConfigureAwait(false);
        if (!await context.ShouldProcessAsync($"{Name} on {node.Node}", $"stop the node, move {Disks.Path(node)} aside (nothing is deleted), and let it get all data anew: {why}").ConfigureAwait(false))
            return false;
        if (disk is { Files: 0, IsMoving: false, IsMount: false })
        {
            await StopAsync(node).ConfigureAwait(false);
            return true;
        }

        // Noted first: a run that is ended between here and there must not let it join with what it has.
        await Disks.CondemnAsync(node).ConfigureAwait(false);
        await StopAsync(node).ConfigureAwait(false);
        var aside = await Disks.MoveAsideAsync(node).ConfigureAwait(false);
        context.WriteWarning($"'{node.Node}': the data that was there is in {aside} now; remove it when nobody needs it any more.");
        return true;
    }

    /// <summary>Stops a node, and remembers that it has to run again.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNodeDoesNotStop</c>, the transport's errors.</exception>
    public Task StopAsync(GaleraNode node)
    {
        stopped[node.Node] = node;
        return Power.StopAsync(node);
    }

    /// <summary>Starts again what this run has stopped and not started: it failed, or was cancelled.</summary>
    public async Task StartStoppedAsync()
    {
        if (stopped.IsEmpty)
            return;
        using var limit = new CancellationTokenSource(AftercareLimit);
        var after = Swarm.After(limit.Token);
        var power = new NodeSwitch(after, new GaleraReader(after, 1), Name);
        await Task.WhenAll(stopped.Values.Select(async node =>
        {
            try
            {
                await power.StartAsync(node).ConfigureAwait(false);
                context.WriteVerbose($"'{node.Node}': its database was stopped by this run, which did not end well, and is started again.");
            }
            catch (Exception error) when (error is SwarmOpsException or OperationCanceledException)
            {
                context.WriteWarning($"'{node.Node}': its database was stopped and could not be started again ({error.Message}): Repair-GaleraCluster -Name {Name}, the same line again, starts it.");
            }
        })).ConfigureAwait(false);
    }

    /// <summary>Sees to it that the data of a node can be moved aside, and that of the others arrive beside it.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraCannotSetAside</c>, <c>GaleraDiskTooSmall</c>, the transport's errors.</exception>
    private async Task<DiskState> RequireRoomAsync(GaleraNode node)
    {
        var disk = await Disks.LookAsync(node).ConfigureAwait(false);
        if (disk.NestedMount is { } nested)
            throw RepairErrors.GaleraCannotSetAside(node.Node, disk.Real, $"there is a mount point in it, {nested}", "Move its data aside by hand on that host (docs/galera.md), and run Repair-GaleraCluster again.");
        if (disk.IsMount && await Disks.WhyNotInsideAsync(node).ConfigureAwait(false) is { } unfit)
            throw RepairErrors.GaleraCannotSetAside(node.Node, disk.Real, unfit, "Move its data to another file system by hand, or bring the services up to date first (New-GaleraService, the same line again), and run Repair-GaleraCluster again.");
        if (disk.Files == 0)
            return disk;
        var seen = await ReadAsync().ConfigureAwait(false);
        var largest = seen.GaleraNode.Where(other => other.Node != node.Node).Max(other => other.DataKilobytes) ?? 0;
        // The transfer's own files and what is written meanwhile need a tenth on top.
        var needed = largest + (largest / 10);
        if (disk.FreeKilobytes < needed)
            throw RepairErrors.GaleraDiskTooSmall(node.Node, disk, needed);
        return disk;
    }

    /// <summary>Lets a node run, with a data directory to run in.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task StartAsync(GaleraNode node)
    {
        if (!node.IsArbitrator)
            await Disks.MakeAsync(node).ConfigureAwait(false);
        await Power.StartAsync(node).ConfigureAwait(false);
        stopped.TryRemove(node.Node, out _);
        recovered.TryRemove(node.Node, out _);
    }
}
