using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Formation;
using SwarmOps.Swarm.Managers;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Members;

/// <summary>Makes engines leave their swarm, in an order in which each can notify other members, and verifies that they have left.</summary>
internal sealed class NodeLeave(IOperationContext context, LeaveSettings settings)
{
    /// <summary>Whether the nodes are written to the pipeline.</summary>
    public bool PassThru { get; init; }

    /// <summary>Asks for confirmation for each node, then makes the confirmed ones leave.</summary>
    public async Task RunAsync(IReadOnlyList<RemovalTarget> targets, string action)
    {
        var agreed = new List<RemovalTarget>();
        foreach (var target in targets)
        {
            if (!target.MustLeave || await context.ShouldProcessAsync(target.Node.ToString(), action).ConfigureAwait(false))
                agreed.Add(target);
        }

        await RunAsync(agreed).ConfigureAwait(false);
    }

    /// <summary>Makes nodes leave by force, in order, when no other members are left. A node in no swarm needs nothing.</summary>
    public async Task RunAsync(IReadOnlyList<RemovalTarget> targets)
    {
        var left = await LeaveAsync(targets, staying: 0, _ => true).ConfigureAwait(false);
        if (!PassThru)
            return;
        foreach (var target in left)
            context.WriteObject(
                SwarmNodeMapper.ForgetMembership(target.Node) with
                {
                    Hostname = target.Own!.Info.Name,
                    EngineVersion = target.Own.Info.ServerVersion,
                }
            );
    }

    /// <summary>Makes nodes leave; the last of them one after the other when too few members stay.</summary>
    /// <returns>The nodes that have left, were in no swarm, or do not answer; a node's error is written.</returns>
    public async Task<IReadOnlyList<RemovalTarget>> LeaveAsync(
        IReadOnlyList<RemovalTarget> targets,
        int staying,
        Func<RemovalTarget, bool> byForce
    )
    {
        var members = targets.Where(target => target.MustLeave).ToList();
        var alone = settings.HostsGo ? [] : members.Skip(LeaveOrder.Together(members.Count, staying)).ToList();
        var left = new HashSet<RemovalTarget>(ReferenceEqualityComparer.Instance);
        foreach (var group in alone.Select(target => new[] { target }).Prepend([.. targets.Except(alone)]))
            left.UnionWith(
                await settings.ForEachAsync(context, group, target => LeaveAsync(target, byForce(target))).ConfigureAwait(false)
            );
        return [.. targets.Where(left.Contains)];
    }

    /// <summary>Makes one engine leave, and waits until it reports that it is in no swarm.</summary>
    /// <exception cref="SwarmOpsException"><c>LeaveTimedOut</c>, <c>LeaveStuck</c>, the transport's errors.</exception>
    public static async Task LeaveAsync(IOperationContext context, NodeObservation own, bool force, TimeSpan timeout)
    {
        var token = context.CancellationToken;
        var parameters = new SwarmLeaveParameters { Force = force ? true : null };
        try
        {
            await own.Connection.TellAsync(engine => engine.Swarm.LeaveSwarmAsync(parameters, token), token).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api && TransportErrors.IsDeadline(api))
        {
            throw SwarmErrors.LeaveStuck(own.Node, error);
        }

        _ =
            await Polling
                .UntilAsync(
                    async () =>
                    {
                        var now = await NodeObservation.TakeAsync(own.Node, own.Connection, token).ConfigureAwait(false);
                        return now.LocalState == LocalNodeStates.Inactive ? now : null;
                    },
                    timeout,
                    token
                )
                .ConfigureAwait(false)
            ?? throw ManagerErrors.LeaveTimedOut(own.Node, timeout);
    }

    private async Task LeaveAsync(RemovalTarget target, bool force)
    {
        if (target.Own is not { } own)
            return;
        if (target.MustLeave)
            await LeaveAsync(context, own, force, settings.Timeout).ConfigureAwait(false);
        if (!settings.HostsGo)
            await GossipPort.SettleAsync(context, own.Connection, settings.RestartEngine, settings.Timeout).ConfigureAwait(false);
    }
}
