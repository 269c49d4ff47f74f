using System.Globalization;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Swarm;

namespace SwarmOps.Galera.Repair;

/// <summary>Waits for one node to come into the cluster, for as long as it gets any further.</summary>
/// <param name="context">The stage that works.</param>
/// <param name="read">Reads the cluster.</param>
/// <param name="activity">What progress is headed with.</param>
internal sealed class NodeArrival(IOperationContext context, Func<Task<GaleraCluster>> read, string activity)
{
    /// <summary>A node that has not changed in any way for so long does not arrive: recovery, the search for peers and a refused transfer are over by then.</summary>
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(75);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Whether a node is at what takes as long as it takes: a big redo log, or a state transfer whose programs live.</summary>
    internal static bool IsBusy(GaleraNode node) =>
        node.StateTransfer is not null || (node.State == GaleraReport.Recovering && node.Error?.StartsWith(GaleraReader.ContainerEnds, StringComparison.Ordinal) is not true);

    /// <summary>What is another word only while a node gets somewhere.</summary>
    internal static string Progress(GaleraNode node) => string.Create(CultureInfo.InvariantCulture, $"{node.State} {node.ClusterStatus} {node.DataKilobytes / 1024} {ClusterWatch.CaughtUp(node)}");

    /// <summary>Waits.</summary>
    /// <returns>Whether it arrived; false when it is stuck or the time was up.</returns>
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
            // What was seen before is no progress: one that crashes again and again goes through the same states.
            if (node is not null && (IsBusy(node) || seen.Add(Progress(node))))
                since = Environment.TickCount64;
            if (Environment.TickCount64 - since > StuckAfter.TotalMilliseconds)
                return false;
            if (node is not null)
                context.WriteProgress(new OperationProgress(0, activity, $"{host}: {GaleraWait.Words(node, cluster)}"));
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }

        // What is still on its way when the time is up is left alone: begun anew it would take as long again.
        return last is not null && ClusterWatch.IsTransferring(last) ? throw RepairErrors.GaleraTransferInProgress(last) : false;
    }
}
