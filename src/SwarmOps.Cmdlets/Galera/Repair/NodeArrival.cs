using System.Globalization;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Repair;

/// <summary>Waits for one node to join the cluster, as long as it makes progress.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="read">Reads the cluster.</param>
/// <param name="activity">The activity in the progress display.</param>
internal sealed class NodeArrival(IOperationContext context, Func<Task<GaleraCluster>> read, string activity)
{
    /// <summary>A node whose state has not changed for this long is stuck: recovery, finding peers and a rejected state transfer take less.</summary>
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(75);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Whether a node is doing something without a time limit: recovering with a large redo log, or receiving a running state transfer.</summary>
    internal static bool IsBusy(GaleraNode node) =>
        node.StateTransfer is not null
        || (
            node.State == GaleraReport.Recovering
            && node.Error?.StartsWith(GaleraReader.ContainerEnds, StringComparison.Ordinal) is not true
        );

    /// <summary>A text that changes only while a node makes progress.</summary>
    internal static string Progress(GaleraNode node) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{node.State} {node.ClusterStatus} {node.DataKilobytes / 1024} {ClusterWatch.CaughtUp(node)}"
        );

    /// <summary>Waits.</summary>
    /// <returns>Whether it joined; false if it is stuck or the time limit was reached.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraTransferInProgress</c>, the transport's errors.</exception>
    public async Task<bool> ArrivesAsync(string host, int size, TimeSpan limit)
    {
        var deadline = Deadline.In(limit);
        var seen = new HashSet<string>();
        var since = Environment.TickCount64;
        GaleraCluster? last = null;
        while (deadline.LeavesTimeFor(Pause))
        {
            var cluster = await read().ConfigureAwait(false);
            last = cluster;
            var node = cluster.GaleraNodes.FirstOrDefault(node => node.Node == host);
            if (node is not null && ClusterWatch.TakesPart(node, cluster) && (node.IsArbitrator || node.ClusterSize >= size))
                return true;
            // A state seen before is no progress: a node that keeps crashing repeats the same states.
            if (node is not null && (IsBusy(node) || seen.Add(Progress(node))))
                since = Environment.TickCount64;
            if (Environment.TickCount64 - since > StuckAfter.TotalMilliseconds)
                return false;
            if (node is not null)
                context.WriteProgress(new OperationProgress(0, activity, $"{host}: {GaleraWait.Words(node, cluster)}"));
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }

        // A node that is still making progress at the time limit is not disturbed: starting over would take as long again.
        return last is not null && ClusterWatch.IsTransferring(last) ? throw RepairErrors.GaleraTransferInProgress(last) : false;
    }
}
