using System.Globalization;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Formation;

/// <summary>Waits until a cluster has formed according to each of its nodes, and shows progress in Galera's terms.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="read">Reads the cluster.</param>
/// <param name="activity">The activity in the progress display.</param>
internal sealed class GaleraWait(IOperationContext context, Func<Task<GaleraCluster>> read, string activity)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Waits until nodes are Synced in one Primary Component of a given size, all with the same state UUID.</summary>
    /// <param name="hosts">The hosts whose nodes to wait for.</param>
    /// <param name="size">The minimum size of the component.</param>
    /// <param name="image">The image, for errors about missing programs.</param>
    /// <param name="limit">The time limit.</param>
    /// <exception cref="SwarmOpsException"><c>GaleraNodeNotSynced</c>, <c>GaleraImageUnfit</c>, <c>GaleraSplit</c>.</exception>
    public async Task<GaleraCluster> ForAsync(IReadOnlyList<string> hosts, int size, string image, TimeSpan limit)
    {
        var deadline = Deadline.In(limit);
        while (true)
        {
            var cluster = await read().ConfigureAwait(false);
            var nodes = hosts
                .Select(host =>
                    cluster.GaleraNodes.FirstOrDefault(node => node.Node == host) ?? new GaleraNode { Node = host, State = "NotRunning" }
                )
                .ToList();
            if (nodes.FirstOrDefault(node => node.Error?.StartsWith("the image lacks", StringComparison.Ordinal) is true) is { } unfit)
                throw GaleraErrors.GaleraImageUnfit(image, unfit.Error!);
            if (
                nodes.FirstOrDefault(node =>
                    node.Error?.StartsWith(GaleraReader.ContainerEnds, StringComparison.Ordinal) is true && !IsIn(node, size)
                ) is
                { } ending
            )
                throw ending.Error!.Contains("the image lacks", StringComparison.Ordinal)
                    ? GaleraErrors.GaleraImageUnfit(image, ending.Error!)
                    : GaleraErrors.GaleraNodeEnds(ending);
            if (cluster.Status == GaleraStatus.Split)
                throw GaleraErrors.GaleraSplit(cluster);
            if (
                nodes.All(node => IsIn(node, size))
                && nodes.Where(node => !node.IsArbitrator).Select(node => node.Uuid).Distinct().Count() <= 1
            )
                return cluster;
            var late = nodes.Find(node => !IsIn(node, size)) ?? nodes[0];
            var words = Words(late, cluster);
            Say($"{late.Node}: {words}", hosts.Count == 0 ? -1 : nodes.Count(node => IsIn(node, size)) * 100 / hosts.Count);
            if (!deadline.LeavesTimeFor(Pause))
                throw GaleraErrors.GaleraNodeNotSynced(late.Node, words, limit);
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A node's state as text; for a state transfer, the received share relative to the largest other node.</summary>
    internal static string Words(GaleraNode node, GaleraCluster cluster)
    {
        if (node.State == "Joining" && GaleraTransfer.Words(node, cluster.GaleraNodes) is { Length: > 0 } transfer)
            return $"Joining: state transfer {transfer}";

        var sizes = node.ClusterSize is { } size ? string.Create(CultureInfo.InvariantCulture, $", {node.ClusterStatus}, size {size}") : "";
        var error = node.ClusterStatus is null && node.Error is { Length: > 0 } why ? $" ({why})" : "";
        return node.State + sizes + error;
    }

    private static bool IsIn(GaleraNode node, int size) =>
        node is { IsArbitrator: true, State: GaleraReport.Arbitrating }
        || node is { State: GaleraReport.Synced, ClusterStatus: "Primary", Uuid: not null } && node.ClusterSize >= size;

    private void Say(string status, int percent) => context.WriteProgress(new OperationProgress(0, activity, status, percent));
}
