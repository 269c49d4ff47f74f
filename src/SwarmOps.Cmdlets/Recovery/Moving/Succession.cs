using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Maintenance;
using SwarmOps.Maintenance.Suspension;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Formation;
using SwarmOps.Swarm.Managers;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Moving;

/// <summary>A node that takes the place of what it was before: joins, gets labels, availability and role of its former entry, which is then removed, and its tasks back.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="settings">How.</param>
internal sealed class Succession(IOperationContext context, SuccessionSettings settings)
{
    /// <summary>Demotes a member that the others may not reach, as they see it: the node itself may hear of it late, or never.</summary>
    /// <param name="others">The swarm, asked through its other managers.</param>
    /// <param name="node">The node.</param>
    /// <param name="nodeId">Its id in the swarm.</param>
    /// <exception cref="SwarmOpsException"><c>DemotionTimedOut</c>, the transport's errors.</exception>
    public async Task DemoteAsync(SwarmSession others, SwarmNode node, string nodeId)
    {
        Say($"Demoting '{node.Name}'");
        var change = new RoleChange(context, others, settings.Timeout);
        await change.DemoteAsync(nodeId).ConfigureAwait(false);
        if (await change.UntilWorkerAsync(nodeId, own: null).ConfigureAwait(false) is null)
            throw ManagerErrors.DemotionTimedOut(node, settings.Timeout);
    }

    /// <summary>Joins a node that is in no swarm.</summary>
    /// <param name="session">The swarm, with the node.</param>
    /// <param name="report">What came of asking the node.</param>
    /// <exception cref="SwarmOpsException">Those of Join-SwarmAsWorker.</exception>
    public async Task JoinAsync(SwarmSession session, NodeReport report)
    {
        Say($"'{report.Node.Name}' joins the swarm");
        var relayed = new RelayedContext(context, answer: true);
        if (report.Observation is { HoldsSwarmState: false, Connection: { } connection })
            await GossipPort.SettleAsync(relayed, connection, restart: true, settings.Timeout).ConfigureAwait(false);
        await new JoinOperation(
            relayed,
            new JoinRequest([SwarmNodeMapper.ForgetMembership(report.Node)])
            {
                Managers = [.. session.Nodes.Where(node => node.Role == SwarmNodeRole.Manager && node.Name != report.Node.Name)],
                TestReachability = settings.TestReachability,
                Timeout = settings.Timeout,
                ThrottleLimit = settings.ThrottleLimit,
            }
        ).RunAsync().ConfigureAwait(false);
        foreach (var warning in relayed.Warnings)
            context.WriteWarning(warning);
        if (relayed.Errors.Count > 0)
            throw relayed.Errors[0];
    }

    /// <summary>Makes a member what its former entry was.</summary>
    /// <param name="session">The swarm, with the node.</param>
    /// <param name="report">What came of asking the node.</param>
    /// <param name="former">Its former entry; null when an earlier run has removed it.</param>
    /// <returns>The node as it is afterwards.</returns>
    /// <exception cref="SwarmOpsException"><c>PromotionFailed</c>, <c>MovedTasksMissing</c>, <c>NodeNotInSwarm</c>, those of databases and the transport.</exception>
    public async Task<SwarmNode> TakePlaceAsync(SwarmSession session, NodeReport report, NodeListResponse? former)
    {
        var (id, timeout) = (report.Observation!.NodeId, settings.Timeout);
        if (former is not null)
        {
            await session.UpdateMemberAsync(id, spec => MovedMark.Inherit(former, spec), timeout).ConfigureAwait(false);
            await RemoveAsync(session, former.ID).ConfigureAwait(false);
        }

        var member =
            await session.FindMemberAsync(id, timeout).ConfigureAwait(false)
            ?? throw SwarmErrors.NodeNotInSwarm(report.Node, session.SwarmId);
        var target = new MaintenanceTarget(report, member);
        if (MovedMark.WasManager(member))
        {
            Say($"Promoting '{target.Name}'");
            await new ManagerReturn(context, session, target, timeout).RunAsync().ConfigureAwait(false);
        }

        await session.UpdateMemberAsync(id, MovedMark.RemoveFrom, timeout).ConfigureAwait(false);
        var load = await NodeLoad.ReadAsync(session, member, target.Name).ConfigureAwait(false);
        if (load.Member.Spec?.Availability == "active")
        {
            var tasks = new NodeTasks(context, session, target, settings.Activity);
            if (await tasks.UntilAllAsync(load, timeout).ConfigureAwait(false) is { Count: > 0 } missing)
                throw RecoveryErrors.MovedTasksMissing(report.Node, missing, timeout);
            await new GaleraRule(context, session, settings.ThrottleLimit, settings.Activity)
                .ArriveAsync(target.Name, timeout)
                .ConfigureAwait(false);
        }

        return target.Describe(await session.ReadViewAsync(timeout).ConfigureAwait(false));
    }

    private static Task<bool> RemoveAsync(SwarmSession session, string nodeId) =>
        session.AskManagerAsync(
            async (manager, token) =>
            {
                try
                {
                    await manager.TellAsync(engine => engine.Swarm.RemoveNodeAsync(nodeId, true, token), token).ConfigureAwait(false);
                }
                catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
                {
                    // Removed in the meantime.
                }

                return true;
            }
        );

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, settings.Activity, status));
}
