using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>Waits until a node is back in its swarm: its engine answers, the swarm reports it as Ready, and as a manager it is reachable.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="request">Which node.</param>
internal sealed class NodeReturn(IOperationContext context, ResumeNodeRequest request)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Waits.</summary>
    /// <returns>The swarm with the node.</returns>
    /// <exception cref="SwarmOpsException"><c>NodeDidNotComeBack</c>, those of <see cref="SwarmSession"/>.</exception>
    public async Task<SwarmSession> WaitAsync()
    {
        var deadline = Deadline.In(request.Timeout);
        while (true)
        {
            var swarm = await SwarmSession.FindAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
            var target = MaintenanceTarget.Find(swarm, request.Name);
            if (Missing(target) is not { } seen)
                return swarm;
            context.WriteProgress(new OperationProgress(0, "Resume-SwarmNode", $"Waiting for '{target.Name}': {seen}"));
            if (!deadline.LeavesTimeFor(Pause))
                throw SuspendErrors.NodeDidNotComeBack(target.Node, seen, request.Timeout);
            if (target.Report.Failure is not null)
                await context.Connection(target.Node).ResetAsync().ConfigureAwait(false);
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What is still missing; null when the node is back.</summary>
    internal static string? Missing(MaintenanceTarget target) =>
        target.Report.Failure is { } failure ? failure.Message.TrimEnd('.')
        : target.Report.Observation is { IsActive: false } own ? $"its engine reports the swarm as {own.LocalState}"
        : target.Member.Status?.State != "ready" ? $"the swarm reports it as {target.Member.Status?.State ?? "unknown"}"
        : target.Member.ManagerStatus is not null && !ManagerTally.IsReachable(target.Member) ? "the leader does not reach it as a manager"
        : null;
}
