using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Members;

/// <summary>
/// Removes members in the safe order: drain, demote, leave, remove from the list. All are drained before the first leaves, so that no task moves
/// to a node that leaves next; managers are demoted one at a time.
/// </summary>
internal sealed class MemberRemoval(IOperationContext context, SwarmSession session, SwarmView before)
{
    private const string Activity = "Remove-SwarmNode";

    /// <summary>The states of a task that has ended (Docker's task states); one that is unknown counts as running.</summary>
    private static readonly string?[] EndStates = ["complete", "shutdown", "failed", "rejected", "remove", "orphaned"];

    /// <summary>Whether the nodes are drained first.</summary>
    public bool Drain { get; init; }

    /// <summary>Whether to continue when tasks do not stop in time.</summary>
    public bool Force { get; init; }

    /// <summary>Whether the nodes are written to the pipeline.</summary>
    public bool PassThru { get; init; }

    /// <summary>The settings for each node.</summary>
    public LeaveSettings Settings { get; init; } = new();

    private TimeSpan Timeout => Settings.Timeout;

    /// <summary>Removes members; one that fails at a step stays in that state, and the others continue.</summary>
    public async Task RunAsync(IReadOnlyList<RemovalTarget> targets, IReadOnlyList<SetMember> managers)
    {
        var strangers = await StrangersAsync([.. targets.Where(target => target.HasLeft)]).ConfigureAwait(false);
        targets = [.. targets.Except(strangers)];
        var left = Drain ? await DrainAsync(targets).ConfigureAwait(false) : targets;
        left = await DemoteAsync(left, managers).ConfigureAwait(false);
        Say($"Removing {left.Count} nodes");
        left = await new NodeLeave(context, Settings)
            .LeaveAsync(left, CountStaying(left), target => !target.LeavesWillingly)
            .ConfigureAwait(false);
        var removed = await ForEachAsync(left, RemoveAsync).ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        if (!PassThru)
            return;
        foreach (var target in removed.Concat(strangers))
            context.WriteObject(SwarmNodeMapper.ForgetMembership(target.Node));
    }

    /// <summary>Waits until the swarm reports nodes that have already left as Down. When that does not happen, the entry belongs to another machine of the same name.</summary>
    private async Task<IReadOnlyList<RemovalTarget>> StrangersAsync(IReadOnlyList<RemovalTarget> departed)
    {
        var strangers = new ConcurrentBag<RemovalTarget>();
        if (departed.Count > 0)
            Say($"{departed.Count} nodes have left: waiting until the swarm reports them as Down");
        _ = await ForEachAsync(
                departed,
                async target =>
                {
                    if (
                        await Polling
                            .UntilAsync(() => FindDownAsync(target.Member!.ID), Timeout, context.CancellationToken)
                            .ConfigureAwait(false)
                        is not null
                    )
                        return;
                    context.WriteVerbose(
                        $"{target.Node.Name}: is in no swarm, and the entry {target.Member!.Description?.Hostname} is still {target.Member.Status?.State}, so it belongs to another machine"
                    );
                    strangers.Add(target);
                }
            )
            .ConfigureAwait(false);
        return [.. strangers];
    }

    private async Task<IReadOnlyList<RemovalTarget>> DrainAsync(IReadOnlyList<RemovalTarget> targets)
    {
        var draining = await ForEachAsync(
                [.. targets.Where(target => target.CanDrain)],
                target => session.UpdateMemberAsync(target.Member!.ID, SetDrain, Timeout)
            )
            .ConfigureAwait(false);
        var busy = await UntilIdleAsync([.. draining.Select(target => target.Member!.ID)]).ConfigureAwait(false);
        var left = targets.Where(target => !target.CanDrain).ToList();
        foreach (var target in draining)
        {
            var tasks = busy.Count(nodeId => nodeId == target.Member!.ID);
            if (tasks > 0 && !Force)
            {
                context.WriteError(ManagerErrors.DrainTimedOut(target.Node, tasks, Timeout));
                continue;
            }

            if (tasks > 0)
                context.WriteWarning(
                    $"{tasks} tasks on '{target.Node.Name}' did not stop within {Timeout.TotalSeconds:0} s; they are stopped when the node leaves."
                );
            left.Add(target);
        }

        return left;
    }

    private static bool SetDrain(NodeUpdateParameters spec)
    {
        if (spec.Availability == "drain")
            return false;
        spec.Availability = "drain";
        return true;
    }

    /// <summary>Waits until no task runs on the nodes.</summary>
    /// <returns>For each task that still runs after the time limit, the id of its node.</returns>
    private async Task<IReadOnlyList<string>> UntilIdleAsync(IReadOnlyList<string> nodeIds)
    {
        IReadOnlyList<string> busy = [];
        if (nodeIds.Count == 0)
            return busy;
        var filter = new JsonObject { ["node"] = new JsonArray([.. nodeIds.Select(id => (JsonNode)id)]) };
        var path = "/tasks?filters=" + Uri.EscapeDataString(filter.ToJsonString());
        _ = await Polling
            .UntilAsync(
                async () =>
                {
                    var tasks = await session.AskAsync((api, token) => api.GetAsync(path, token), Timeout).ConfigureAwait(false);
                    busy =
                    [
                        .. (tasks as JsonArray ?? [])
                            .Where(task => !EndStates.Contains((string?)task?["Status"]?["State"]))
                            .Select(task => (string?)task?["NodeID"] ?? ""),
                    ];
                    Say($"Draining {nodeIds.Count} nodes: {busy.Count} tasks left");
                    return busy.Count == 0 ? path : null;
                },
                Timeout,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return busy;
    }

    private async Task<IReadOnlyList<RemovalTarget>> DemoteAsync(IReadOnlyList<RemovalTarget> targets, IReadOnlyList<SetMember> managers)
    {
        var left = targets.ToList();
        var steps = new Demotion(context, session, Timeout);
        var failed = false;
        foreach (var manager in managers.Where(manager => targets.Any(target => ReferenceEquals(target.Report, manager.Report))))
        {
            if (!failed)
            {
                Say($"Demoting {manager.Node}");
                if (await steps.RunAsync(manager, before).ConfigureAwait(false) is not { } error)
                    continue;
                context.WriteError(error);
                failed = true;
            }

            // After an unfinished demotion, no other manager may be changed.
            left.RemoveAll(target => ReferenceEquals(target.Report, manager.Report));
        }

        return left;
    }

    private int CountStaying(IReadOnlyList<RemovalTarget> leaving) =>
        before.Members.Count(member => member.Status?.State == "ready" && !leaving.Any(target => target.Member!.ID == member.ID));

    private async Task RemoveAsync(RemovalTarget target)
    {
        var id = target.Member!.ID;
        var isDown =
            await Polling.UntilAsync(() => FindDownAsync(id), Timeout, context.CancellationToken).ConfigureAwait(false) is not null;
        if (!isDown)
            context.WriteVerbose($"{target.Node.Name}: has left, but the swarm does not report it as Down; removing it by force");
        await session
            .AskManagerAsync((manager, token) => RemoveEntryAsync(manager, id, force: !isDown || !target.LeavesWillingly, token), Timeout)
            .ConfigureAwait(false);
        if (await session.FindMemberAsync(id, Timeout).ConfigureAwait(false) is not null)
            throw ManagerErrors.NodeStillInList(target.Node, session.SwarmId);
    }

    private static async Task<bool> RemoveEntryAsync(
        INodeConnection manager,
        string nodeId,
        bool force,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await manager
                .TellAsync(engine => engine.Swarm.RemoveNodeAsync(nodeId, force, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return true;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return false;
        }
    }

    private async Task<NodeListResponse?> FindDownAsync(string nodeId) =>
        await session.FindMemberAsync(nodeId, Timeout).ConfigureAwait(false) is { Status.State: "down" or "disconnected" } member
            ? member
            : null;

    private Task<IReadOnlyList<RemovalTarget>> ForEachAsync(IReadOnlyList<RemovalTarget> targets, Func<RemovalTarget, Task> action) =>
        Settings.ForEachAsync(context, targets, action);

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, Activity, status));
}
