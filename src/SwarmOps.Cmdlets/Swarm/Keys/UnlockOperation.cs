using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Keys;

/// <summary>
/// Unlocks all locked engines of a node set, and only then waits: after an outage of all managers none is active before more than half are unlocked. It takes no lock: a swarm
/// without a leader has none to give, and nothing of the swarm is changed.
/// </summary>
internal sealed class UnlockOperation(IOperationContext context, UnlockRequest request)
{
    /// <summary>Runs it and emits the nodes that take part in their swarm.</summary>
    public async Task RunAsync()
    {
        var reports = await NodeReport.TakeAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        foreach (var silent in reports.Where(report => report.Failure is not null))
            context.WriteError(silent.Failure!);
        var seen = reports.Select(report => report.Observation).OfType<NodeObservation>().ToList();
        foreach (var other in seen.Where(node => node is { IsActive: false, LocalState: not LocalNodeStates.Locked }))
            context.WriteError(SwarmKeyErrors.NothingToUnlock(other.Node, other.LocalState));
        var locked = new List<NodeObservation>();
        foreach (var node in seen.Where(node => node.LocalState == LocalNodeStates.Locked))
        {
            if (await context.ShouldProcessAsync(node.Node.ToString(), "Unlock the engine's swarm").ConfigureAwait(false))
                locked.Add(node);
        }

        var unlocked = (
            await Throttle.ForEachAsync(locked, request.ThrottleLimit, UnlockAsync, context.CancellationToken).ConfigureAwait(false)
        )
            .OfType<NodeObservation>()
            .ToList();
        var active = await WaitAsync([.. seen.Where(node => node.IsActive), .. unlocked]).ConfigureAwait(false);
        if (active.Count == 0)
            return;
        var session = await SwarmSession.OpenAsync(context, active, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        foreach (var node in session.Nodes)
            context.WriteObject(node);
    }

    private async Task<NodeObservation?> UnlockAsync(NodeObservation node)
    {
        try
        {
            var parameters = new SwarmUnlockParameters { UnlockKey = request.Key };
            await node
                .Connection.TellAsync(
                    engine => engine.Swarm.UnlockSwarmAsync(parameters, context.CancellationToken),
                    context.CancellationToken
                )
                .ConfigureAwait(false);
            return node;
        }
        catch (SwarmOpsException error)
            when (error.InnerException is DockerApiException api
                && TransportErrors.MessageOf(api).Contains("invalid key", StringComparison.OrdinalIgnoreCase)
            )
        {
            context.WriteError(SwarmKeyErrors.UnlockKeyWrong(node.Node));
        }
        catch (SwarmOpsException error)
            when (error.InnerException is DockerApiException api
                && TransportErrors.MessageOf(api).Contains("not locked", StringComparison.OrdinalIgnoreCase)
            )
        {
            // Someone else was quicker: whether it is active is seen below.
            return node;
        }
        catch (SwarmOpsException error)
        {
            context.WriteError(error);
        }

        return null;
    }

    /// <summary>The nodes that are active in the end, in the order of the set; the others are reported.</summary>
    private async Task<IReadOnlyList<SwarmNode>> WaitAsync(IReadOnlyList<NodeObservation> nodes)
    {
        context.WriteProgress(new OperationProgress(0, "Unlock-Swarm", "Waiting until the unlocked managers take part in the swarm"));
        var last = nodes.ToDictionary(node => node.Node.Name, node => node.LocalState, StringComparer.OrdinalIgnoreCase);
        var waiting = nodes.ToList();
        await Polling
            .UntilAsync(
                async () =>
                {
                    foreach (
                        var report in await NodeReport
                            .TakeAsync(context, [.. waiting.Select(node => node.Node)], request.ThrottleLimit)
                            .ConfigureAwait(false)
                    )
                    {
                        last[report.Node.Name] = report.Observation?.LocalState ?? "silent";
                        if (report.Observation is { IsActive: true })
                            waiting.RemoveAll(node => ReferenceEquals(node.Node, report.Node));
                    }

                    return waiting.Count == 0 ? waiting : null;
                },
                request.Timeout,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        foreach (var node in waiting)
            context.WriteError(SwarmKeyErrors.UnlockTimedOut(node.Node, last[node.Node.Name], request.Timeout));
        return [.. request.Nodes.Where(node => nodes.Except(waiting).Any(active => ReferenceEquals(active.Node, node)))];
    }
}
