using System.Diagnostics;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Provision;

/// <summary>The only poll of a region: one call reads all of the cluster's instances, for all nodes that wait for theirs.</summary>
internal sealed class RegionWatch(Ec2Region region, ProvisionRequest request, CancellationToken cancellationToken)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private const double Growth = 1.5;

    private readonly object gate = new();
    private readonly List<Waiter> waiting = [];
    private bool running;

    /// <summary>What the last poll read; null before the first.</summary>
    public Reading? Last { get; private set; }

    /// <summary>Waits until an instance is as wanted.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="instanceId">The instance; a new one may not be listed yet.</param>
    /// <param name="isSo">Whether it is as wanted.</param>
    /// <param name="deadline">The time limit.</param>
    /// <exception cref="SwarmOpsException"><c>InstanceEnded</c>, <c>InstanceNotRunning</c>; those of <see cref="Ec2Errors"/>.</exception>
    public Task<Instance> UntilAsync(string node, string instanceId, Func<Instance, bool> isSo, Deadline deadline)
    {
        var waiter = new Waiter(node, instanceId, isSo, deadline);
        lock (gate)
        {
            waiting.Add(waiter);
            if (!running)
            {
                running = true;
                _ = Task.Run(ServeAsync, CancellationToken.None);
            }
        }

        return waiter.Found.Task;
    }

    private async Task ServeAsync()
    {
        for (var pause = request.FirstLook; ; pause = pause * Growth < LongestPause ? pause * Growth : LongestPause)
        {
            try
            {
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
                var began = Stopwatch.GetTimestamp();
                var found = await ReadAsync().ConfigureAwait(false);
                Last = new Reading(found, began);
                if (IsServed(waiter => waiter.Look(found, pause, request.Timeout)))
                    return;
            }
            catch (Exception exception)
            {
                if (IsServed(waiter => waiter.Found.TrySetException(exception)))
                    return;
            }
        }
    }

    /// <summary>Answers those that wait.</summary>
    /// <returns>Whether none is left, which ends the polling.</returns>
    private bool IsServed(Func<Waiter, bool> answer)
    {
        lock (gate)
        {
            waiting.RemoveAll(waiter => answer(waiter));
            running = waiting.Count > 0;
            return !running;
        }
    }

    /// <summary>By the cluster's tag instead of ids: an id that EC2 does not list yet would be an error, and calls with a filter have the larger limit.</summary>
    private async Task<IReadOnlyList<Instance>> ReadAsync()
    {
        var look = new DescribeInstancesRequest { Filters = [ClusterTags.Of(request.Cluster)] };
        var reservations = await region
            .AskAsync(
                ec2 => ClusterInventory.CollectAsync(ec2.Paginators.DescribeInstances(look).Reservations, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
        return [.. reservations.SelectMany(reservation => reservation.Instances ?? [])];
    }

    /// <summary>What a poll read.</summary>
    /// <param name="Instances">The cluster's instances, terminated ones included.</param>
    /// <param name="At">When it began, as a timestamp of <see cref="Stopwatch"/>.</param>
    internal sealed record Reading(IReadOnlyList<Instance> Instances, long At);

    private sealed class Waiter(string node, string instanceId, Func<Instance, bool> isSo, Deadline deadline)
    {
        private Instance? last;

        public TaskCompletionSource<Instance> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Looks at what a poll has read.</summary>
        /// <returns>Whether the wait is over.</returns>
        public bool Look(IReadOnlyList<Instance> instances, TimeSpan pause, TimeSpan timeout)
        {
            last = instances.FirstOrDefault(instance => instance.InstanceId == instanceId) ?? last;
            if (last is not null && isSo(last))
                return Found.TrySetResult(last);
            if (last is not null && InstanceStates.IsGoing(last))
                return Found.TrySetException(ProvisionErrors.InstanceEnded(node, instanceId, last.State.Name, last.StateReason?.Message));
            return !deadline.LeavesTimeFor(pause)
                && Found.TrySetException(
                    ProvisionErrors.InstanceNotRunning(node, instanceId, last?.State?.Name.Value ?? "unknown", timeout)
                );
        }
    }
}
