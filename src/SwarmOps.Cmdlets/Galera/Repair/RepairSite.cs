using System.Collections.Concurrent;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Repair;

/// <summary>A cluster under repair, and the operations on its nodes.</summary>
internal sealed class RepairSite
{
    /// <summary>The activity in the progress display.</summary>
    public const string Activity = "Repair-GaleraCluster";

    /// <summary>Cleanup after a failed run must not block the prompt for long; running the same command again cleans up, too.</summary>
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

    /// <summary>Stops and starts its nodes.</summary>
    public NodeSwitch Power { get; }

    /// <summary>How long each node may take to become Synced.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Finds a cluster.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNotFound</c>, the transport's errors.</exception>
    public static async Task<RepairSite> FindAsync(
        IOperationContext context,
        SwarmSession swarm,
        GaleraReader reader,
        string name,
        TimeSpan timeout
    )
    {
        var services = (await reader.ServicesAsync().ConfigureAwait(false))[name].ToList();
        return services.Count == 0
            ? throw GaleraErrors.GaleraNotFound(name, swarm.SwarmId)
            : new RepairSite(context, swarm, reader, name, new NodeDisks(swarm, services), timeout);
    }

    /// <summary>Reads the cluster from inside its nodes.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<GaleraCluster> ReadAsync() =>
        await reader.ReadAsync(Name, [.. (await reader.ServicesAsync().ConfigureAwait(false))[Name]]).ConfigureAwait(false);

    /// <summary>Reads the cluster, and throws if a server is, or may be, in a Primary Component.</summary>
    /// <param name="force">As for <see cref="RequireTold"/>.</param>
    /// <exception cref="SwarmOpsException"><c>GaleraRevived</c>, <c>GaleraStatusUnknown</c>, the transport's errors.</exception>
    public async Task<GaleraCluster> RequireNonePrimaryAsync(bool force)
    {
        var seen = await ReadAsync().ConfigureAwait(false);
        if (seen.GaleraNodes.Where(ClusterWatch.IsPrimary).Select(node => node.Node).ToList() is { Count: > 0 } primary)
            throw RepairErrors.GaleraRevived(Name, string.Join(", ", primary));
        RequireTold(seen, force);
        return seen;
    }

    /// <summary>Throws if a running server does not report whether it is in a Primary Component.</summary>
    /// <param name="seen">The cluster.</param>
    /// <param name="force">Whether to continue without unreachable hosts: the user considers them lost, and the cluster then gets a new state UUID.</param>
    /// <exception cref="SwarmOpsException"><c>GaleraStatusUnknown</c>.</exception>
    public void RequireTold(GaleraCluster seen, bool force)
    {
        if (Untold(seen, force) is { Count: > 0 } silent)
            throw GaleraErrors.GaleraStatusUnknown(Name, silent);
    }

    /// <summary>The nodes that block a repair.</summary>
    internal static IReadOnlyList<GaleraNode> Untold(GaleraCluster seen, bool force) =>
        [.. seen.GaleraNodes.Where(node => node.IsSilent && !(force && node.IsHostLost))];

    /// <summary>The current positions of all nodes with data; a node that does not run recovers its position first.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<NodePosition>> PositionsAsync(GaleraCluster seen)
    {
        var recovery = new PositionRecovery(context, Timeout);
        var positions = await Disks.PositionsAsync(seen.GaleraNodes).ConfigureAwait(false);
        return await Task.WhenAll(
                positions.Select(async position =>
                {
                    var node = seen.GaleraNodes.First(node => node.Node == position.Node);
                    if (node.State != GaleraReport.NotRunning)
                        recovered.TryRemove(node.Node, out _);
                    if (
                        position.Unknown is null
                        || position.IsMoving
                        || node.State != GaleraReport.NotRunning
                        || Swarm.Nodes.FirstOrDefault(host => host.Name == node.Node) is not { } host
                    )
                        return position;
                    try
                    {
                        if (await Power.IsRunningAsync(node).ConfigureAwait(false))
                            return position;
                        if (recovered.TryGetValue(node.Node, out var earlier))
                            return position with { Unknown = null, Uuid = earlier.Uuid, Seqno = earlier.Seqno };
                        if (
                            !await context
                                .ShouldProcessAsync($"{Name} on {node.Node}", "Recover the position of the data (mariadbd --wsrep-recover)")
                                .ConfigureAwait(false)
                        )
                            return position;
                        var found = await recovery
                            .RunAsync(host, await Power.ServiceAsync(node).ConfigureAwait(false), Disks.Path(node))
                            .ConfigureAwait(false);
                        if (found is not { } known)
                            return position;
                        recovered[node.Node] = known;
                        return position with { Unknown = null, Uuid = known.Uuid, Seqno = known.Seqno };
                    }
                    catch (SwarmOpsException error)
                    {
                        return position with { Unknown = $"{position.Unknown}; recovering its position failed: {error.Message}" };
                    }
                })
            )
            .ConfigureAwait(false);
    }

    /// <summary>Records which hosts hold the cluster's data.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RecordAsync(GaleraCluster whole) =>
        await new HolderRecord(context, new ServiceUpdater(Swarm))
            .KeepAsync(whole, [.. (await reader.ServicesAsync().ConfigureAwait(false))[Name]])
            .ConfigureAwait(false);

    /// <summary>Waits until the nodes of hosts are Synced in a component of a given size.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="GaleraWait"/>.</exception>
    public Task WaitAsync(IReadOnlyList<string> hosts, int size, string image) =>
        new GaleraWait(context, ReadAsync, Activity).ForAsync(hosts, size, image, Timeout);

    /// <summary>Stops a node and moves its data aside, so that it gets a full state transfer at the next start. Checks that this is possible before it stops the node.</summary>
    /// <returns>Whether the data was moved aside; false if the user declined.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraCannotSetAside</c>, <c>GaleraDiskTooSmall</c>, <c>GaleraNodeDoesNotStop</c>, <c>CommandFailed</c>, the transport's errors.</exception>
    public async Task<bool> SetAsideAsync(GaleraNode node, string why)
    {
        var disk = await RequireRoomAsync(node).ConfigureAwait(false);
        if (
            !await context
                .ShouldProcessAsync(
                    $"{Name} on {node.Node}",
                    $"Stop the node and move {Disks.Path(node)} aside (nothing is deleted), so that it gets a full state transfer: {why}"
                )
                .ConfigureAwait(false)
        )
            return false;
        if (disk is { Files: 0, IsMoving: false, IsMount: false })
        {
            await StopAsync(node).ConfigureAwait(false);
            return true;
        }

        // Marked first: if this run is interrupted, the node must not join with this data.
        await Disks.CondemnAsync(node).ConfigureAwait(false);
        await StopAsync(node).ConfigureAwait(false);
        var aside = await Disks.MoveAsideAsync(node).ConfigureAwait(false);
        context.WriteWarning($"'{node.Node}': its previous data was moved to {aside}. Delete it when it is no longer needed.");
        return true;
    }

    /// <summary>Stops a node, and remembers to start it again.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNodeDoesNotStop</c>, the transport's errors.</exception>
    public Task StopAsync(GaleraNode node)
    {
        stopped[node.Node] = node;
        return Power.StopAsync(node);
    }

    /// <summary>Starts the nodes that this run stopped and, because it failed or was cancelled, did not start again.</summary>
    public async Task StartStoppedAsync()
    {
        if (stopped.IsEmpty)
            return;
        using var limit = new CancellationTokenSource(AftercareLimit);
        var after = Swarm.After(limit.Token);
        var power = new NodeSwitch(after, new GaleraReader(after, 1), Name);
        await Task.WhenAll(
                stopped.Values.Select(async node =>
                {
                    try
                    {
                        await power.StartAsync(node).ConfigureAwait(false);
                        context.WriteVerbose(
                            $"'{node.Node}': its database was stopped by this run, which failed or was cancelled, and is started again."
                        );
                    }
                    catch (Exception error) when (error is SwarmOpsException or OperationCanceledException)
                    {
                        context.WriteWarning(
                            $"'{node.Node}': its database was stopped and could not be started again ({error.Message}). To start it, run Repair-GaleraCluster -Name {Name} again."
                        );
                    }
                })
            )
            .ConfigureAwait(false);
    }

    /// <summary>Checks that a node's data can be moved aside, and that there is space for a full state transfer.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraCannotSetAside</c>, <c>GaleraDiskTooSmall</c>, the transport's errors.</exception>
    private async Task<DiskState> RequireRoomAsync(GaleraNode node)
    {
        var disk = await Disks.LookAsync(node).ConfigureAwait(false);
        if (disk.NestedMount is { } nested)
            throw RepairErrors.GaleraCannotSetAside(
                node.Node,
                disk.Real,
                $"{nested} is a mount point inside it",
                "Move its data aside by hand on that host (docs/galera.md), then run Repair-GaleraCluster again."
            );
        if (disk.IsMount && await Disks.WhyNotInsideAsync(node).ConfigureAwait(false) is { } unfit)
            throw RepairErrors.GaleraCannotSetAside(
                node.Node,
                disk.Real,
                unfit,
                "Move its data to another file system by hand, or update the services first by running New-GaleraService with the same parameters again. Then run Repair-GaleraCluster again."
            );
        if (disk.Files == 0)
            return disk;
        var seen = await ReadAsync().ConfigureAwait(false);
        var largest = seen.GaleraNodes.Where(other => other.Node != node.Node).Max(other => other.DataKilobytes) ?? 0;
        // The files of the state transfer and writes in the meantime need another tenth.
        var needed = largest + (largest / 10);
        if (disk.FreeKilobytes < needed)
            throw RepairErrors.GaleraDiskTooSmall(node.Node, disk, needed);
        return disk;
    }

    /// <summary>Starts a node, after preparing its data directory.</summary>
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
