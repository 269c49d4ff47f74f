using SwarmOps.Maintenance.Suspension;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>
/// Moves the leadership away from a node before its engine stops. A leader that is demoted hands over at once (swarmkit, manager/role_manager.go); one that only stops leaves the other managers
/// without a leader for an election of 10 to 20 s. Resume-SwarmNode promotes the node again.
/// </summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="request">The maintenance.</param>
/// <param name="name">Name of the node.</param>
internal sealed class LeaderHandover(IOperationContext context, InvokeMaintenanceRequest request, string name)
{
    /// <summary>Demotes the node if it is the leader of three managers or more.</summary>
    /// <returns>Whether it was.</returns>
    /// <exception cref="SwarmOpsException">Those of Step-SwarmDemotion and the transport.</exception>
    public async Task<bool> RunAsync()
    {
        var swarm = await SwarmSession.FindAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        var leader = MaintenanceTarget.Find(swarm, name);
        var tally = ManagerTally.Of(swarm.View);
        // Of two managers the leader cannot be demoted safely (moby issue 34384), and one alone has nobody to hand over to.
        if (leader.Member.ManagerStatus?.Leader is not true || tally.Total < 3)
            return false;
        if (!tally.Without(reachable: true).HasQuorum)
            throw ManagerErrors.QuorumWouldBeLost(leader.Node, tally, tally.Without(reachable: true));
        if (swarm.Without(new HashSet<string> { leader.NodeId }) is not { } others)
            throw ManagerErrors.NoOtherManager([leader.Node]);
        context.WriteProgress(new OperationProgress(0, "Invoke-SwarmMaintenance", $"Handing the leadership of '{name}' over"));
        // Noted first: whoever goes on after a crash knows that it was a manager.
        await others.UpdateMemberAsync(leader.NodeId, SuspendMark.NoteManager, request.Timeout).ConfigureAwait(false);
        var error = await new Demotion(context, others, request.Timeout)
            .RunAsync(new SetMember(leader.Report, leader.Member), swarm.View)
            .ConfigureAwait(false);
        return error is null ? true : throw error;
    }
}
