using System.Globalization;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Repair;

/// <summary>Watches a cluster until it is complete or makes no more progress by itself.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="read">Reads the cluster.</param>
/// <param name="activity">The activity in the progress display.</param>
internal sealed class ClusterWatch(IOperationContext context, Func<Task<GaleraCluster>> read, string activity)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Waiting nodes look for each other every two seconds.</summary>
    private static readonly TimeSpan WaitingLongEnough = TimeSpan.FromSeconds(6);

    /// <summary>How long a killed node needs to recover its position and its last view to form again (30 s was measured for both).</summary>
    private static readonly TimeSpan StillLongEnough = TimeSpan.FromSeconds(40);

    /// <summary>Watches.</summary>
    /// <param name="limit">The time limit.</param>
    /// <param name="still">How long nothing may change before the cluster counts as stuck; null for the time that a restart needs.</param>
    /// <returns>The last state of the cluster.</returns>
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
            // A node that is recovering its position may have data that no other node has, and an interrupted state transfer starts from the beginning.
            if (
                cluster.GaleraNodes.Any(node => node.State == GaleraReport.Recovering)
                || (IsTransferring(cluster) && deadline.LeavesTimeFor(Pause))
            )
                since = Environment.TickCount64;
            var enough = cluster.GaleraNodes.All(node => node.State == GaleraReport.Waiting) ? WaitingLongEnough : still ?? StillLongEnough;
            if (Environment.TickCount64 - since >= enough.TotalMilliseconds || !deadline.LeavesTimeFor(Pause))
                return cluster;
            context.WriteProgress(
                new OperationProgress(
                    0,
                    activity,
                    string.Join(", ", cluster.GaleraNodes.Select(node => $"{node.Node}: {GaleraWait.Words(node, cluster)}"))
                )
            );
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether every node is Synced in the only Primary Component, and all report the same size.</summary>
    public static bool IsWhole(GaleraCluster cluster) =>
        cluster.Uuid is not null
        && cluster.Size == cluster.ExpectedSize
        && cluster.GaleraNodes.All(node => TakesPart(node, cluster) && (node.IsArbitrator || node.ClusterSize == cluster.ExpectedSize));

    /// <summary>Whether a node is Synced in the only Primary Component, or is its arbitrator.</summary>
    public static bool TakesPart(GaleraNode node, GaleraCluster cluster) =>
        node.IsArbitrator
            ? node.State == GaleraReport.Arbitrating
            : node.State == GaleraReport.Synced && IsPrimary(node) && cluster.Uuid is not null && node.Uuid == cluster.Uuid;

    /// <summary>
    /// Whether a node is in the only Primary Component, Synced or getting there: a donor, or a node that is catching up, must not be disturbed.
    /// </summary>
    public static bool IsInside(GaleraNode node, GaleraCluster cluster) =>
        TakesPart(node, cluster)
        || (node.State is GaleraReport.Donor or "Joined" && IsPrimary(node) && cluster.Uuid is not null && node.Uuid == cluster.Uuid);

    /// <summary>Whether a state transfer is running anywhere, in a cluster with a Primary Component.</summary>
    public static bool IsTransferring(GaleraCluster cluster) =>
        cluster.GaleraNodes.Any(IsPrimary) && cluster.GaleraNodes.Any(node => node.StateTransfer is not null);

    /// <summary>Whether a node is in a Primary Component.</summary>
    public static bool IsPrimary(GaleraNode node) => node.ClusterStatus == "Primary";

    /// <summary>Whether a server may accept writes that no other node has: a server that is not a member of the Primary Component may be in another one with the same state UUID.</summary>
    public static bool MayTakePart(GaleraNode node) => node.IsSilent || (!node.IsArbitrator && node.State == GaleraReport.Unknown);

    /// <summary>Seqno of a node that is catching up: an incremental state transfer advances the seqno, but no file. Null for a Synced node, whose seqno always grows.</summary>
    public static long? CaughtUp(GaleraNode node) => node.State is GaleraReport.Synced or GaleraReport.Donor ? null : node.Seqno;

    /// <summary>A text that changes while a node makes progress, such as during a state transfer.</summary>
    internal static string Key(GaleraNode node) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{node.Node} {node.State} {node.ClusterStatus} {node.ClusterSize} {(node.State == GaleraReport.Synced ? 0 : node.DataKilobytes)} {CaughtUp(node)}"
        );
}
