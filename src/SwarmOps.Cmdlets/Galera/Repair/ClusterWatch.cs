using System.Globalization;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Swarm;

namespace SwarmOps.Galera.Repair;

/// <summary>Watches a cluster until it is whole, or does not help itself any further.</summary>
/// <param name="context">The stage that works.</param>
/// <param name="read">Reads the cluster.</param>
/// <param name="activity">What progress is headed with.</param>
internal sealed class ClusterWatch(IOperationContext context, Func<Task<GaleraCluster>> read, string activity)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Nodes that all wait look for each other every two seconds.</summary>
    private static readonly TimeSpan WaitingLongEnough = TimeSpan.FromSeconds(6);

    /// <summary>A node that was killed needs this long to recover its position, and its last view this long to form again (30 s together were measured).</summary>
    private static readonly TimeSpan StillLongEnough = TimeSpan.FromSeconds(40);

    /// <summary>Watches.</summary>
    /// <param name="limit">How long at most.</param>
    /// <param name="still">How long nothing may change before it is taken for stuck; null takes what a restart needs.</param>
    /// <returns>The cluster as it was last seen.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<GaleraCluster> UntilStillAsync(TimeSpan limit, TimeSpan? still = null)
    {
        var deadline = Deadline.In(limit);
        var (last, since) = ("", Environment.TickCount64);
        while (true)
        {
            var cluster = await read().ConfigureAwait(false);
            if (cluster.Status == GaleraStatus.Split || IsWhole(cluster))
                return cluster;
            var now = string.Join('\n', cluster.GaleraNodes.Select(Key));
            if (now != last)
                (last, since) = (now, Environment.TickCount64);
            // One that recovers its position may hold what no other has, and a state transfer that is broken off begins from nothing.
            if (cluster.GaleraNodes.Any(node => node.State == GaleraReport.Recovering) || (IsTransferring(cluster) && deadline.LeavesTimeFor(Pause)))
                since = Environment.TickCount64;
            var enough = cluster.GaleraNodes.All(node => node.State == GaleraReport.Waiting) ? WaitingLongEnough : still ?? StillLongEnough;
            if (Environment.TickCount64 - since >= enough.TotalMilliseconds || !deadline.LeavesTimeFor(Pause))
                return cluster;
            context.WriteProgress(new OperationProgress(0, activity, string.Join(", ", cluster.GaleraNodes.Select(node => $"{node.Node}: {GaleraWait.Words(node, cluster)}"))));
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether every node is Synced in the one Primary component, and all count the same.</summary>
    public static bool IsWhole(GaleraCluster cluster) =>
        cluster.Uuid is not null && cluster.Size == cluster.ExpectedSize && cluster.GaleraNodes.All(node => TakesPart(node, cluster) && (node.IsArbitrator || node.ClusterSize == cluster.ExpectedSize));

    /// <summary>Whether a node is Synced in the one Primary component, or votes in it.</summary>
    public static bool TakesPart(GaleraNode node, GaleraCluster cluster) => node.IsArbitrator
        ? node.State == GaleraReport.Arbitrating
        : node.State == GaleraReport.Synced && IsPrimary(node) && cluster.Uuid is not null && node.Uuid == cluster.Uuid;

    /// <summary>
    /// Whether a node is in the one Primary component, Synced or on its way: one that sends a state transfer, or catches up after it, must not be touched.
    /// </summary>
    public static bool IsInside(GaleraNode node, GaleraCluster cluster) =>
        TakesPart(node, cluster) || (node.State is GaleraReport.Donor or "Joined" && IsPrimary(node) && cluster.Uuid is not null && node.Uuid == cluster.Uuid);

    /// <summary>Whether the programs of a state transfer run anywhere, in a cluster that has a Primary component to get it from.</summary>
    public static bool IsTransferring(GaleraCluster cluster) => cluster.GaleraNodes.Any(IsPrimary) && cluster.GaleraNodes.Any(node => node.StateTransfer is not null);

    /// <summary>Whether a node is in a Primary component.</summary>
    public static bool IsPrimary(GaleraNode node) => node.ClusterStatus == "Primary";

    /// <summary>Whether a server may take writes that nobody else knows of: one that the Primary component does not count may be in another one, of the same history.</summary>
    public static bool MayTakePart(GaleraNode node) => node.IsSilent || (!node.IsArbitrator && node.State == GaleraReport.Unknown);

    /// <summary>How far a node is that catches up: an incremental transfer moves its number and no file. One that takes part has a number that grows for ever.</summary>
    public static long? CaughtUp(GaleraNode node) => node.State is GaleraReport.Synced or GaleraReport.Donor ? null : node.Seqno;

    /// <summary>What changes while a node gets somewhere: a state transfer grows.</summary>
    internal static string Key(GaleraNode node) =>
        string.Create(CultureInfo.InvariantCulture, $"{node.Node} {node.State} {node.ClusterStatus} {node.ClusterSize} {(node.State == GaleraReport.Synced ? 0 : node.DataKilobytes)} {CaughtUp(node)}");
}
