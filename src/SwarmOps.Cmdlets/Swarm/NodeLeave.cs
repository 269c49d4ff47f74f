using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Swarm;

/// <summary>Makes engines leave their swarm by force, where there is no manager to do it in order, and verifies that they are in none.</summary>
internal sealed class NodeLeave(IOperationContext context, TimeSpan timeout, int throttleLimit, bool passThru)
{
    /// <summary>Asks for each node, then lets those leave that may.</summary>
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

    /// <summary>Lets nodes leave, all at once. One that is in no swarm is as it should be.</summary>
    public async Task RunAsync(IReadOnlyList<RemovalTarget> targets)
    {
        var left = await NodeSet.ForEachAsync(context, [.. targets.Select(target => target.Node)], throttleLimit, async node =>
        {
            var target = targets.First(candidate => ReferenceEquals(candidate.Node, node));
            if (target.MustLeave)
                await LeaveAsync(context, target.Own!, force: true, timeout).ConfigureAwait(false);
            return SwarmNodeMapper.ForgetMembership(node) with { Hostname = target.Own!.Info.Name, EngineVersion = target.Own.Info.ServerVersion };
        }).ConfigureAwait(false);
        if (!passThru)
            return;
        foreach (var node in left)
            context.WriteObject(node);
    }

    /// <summary>Lets one engine leave, and waits until it says that it is in no swarm.</summary>
    /// <exception cref="SwarmOpsException"><c>LeaveTimedOut</c>, <c>LeaveStuck</c>, the transport's errors.</exception>
    public static async Task LeaveAsync(IOperationContext context, NodeObservation own, bool force, TimeSpan timeout)
    {
        var token = context.CancellationToken;
        var parameters = new SwarmLeaveParameters { Force = force ? true : null };
        try
        {
            await own.Connection.TellAsync(engine => engine.Swarm.LeaveSwarmAsync(parameters, token), token).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api && api.ResponseBody?.Contains("deadline exceeded", StringComparison.OrdinalIgnoreCase) is true)
        {
            throw SwarmErrors.LeaveStuck(own.Node, error);
        }

        _ = await Polling.UntilAsync(
            async () =>
            {
                var now = await NodeObservation.TakeAsync(own.Node, own.Connection, token).ConfigureAwait(false);
                return now.LocalState == LocalNodeStates.Inactive ? now : null;
            },
            timeout,
            token).ConfigureAwait(false) ?? throw ManagerErrors.LeaveTimedOut(own.Node, timeout);
        if (!await GossipPort.IsFreeInTimeAsync(own.Connection, token).ConfigureAwait(false))
            context.WriteWarning($"The engine of '{own.Node.Name}' has left its swarm and still holds {SwarmPorts.Gossip}/tcp: restart it (systemctl restart docker) before it joins another one.");
    }
}
