using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Swarm;

/// <summary>A node set and its swarm, found from the nodes alone, with patience for elections and for engines that have just started.</summary>
/// <param name="Reports">What came of asking each node, in the set's order.</param>
/// <param name="Located">The swarm as its leader sees it; null when no node of the set is a manager.</param>
internal sealed record SwarmSurvey(IReadOnlyList<NodeReport> Reports, LocatedSwarm? Located)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The swarm as its leader sees it.</summary>
    public SwarmView View => Located?.View ?? throw SwarmErrors.NoManagerInSet([.. Reports.Select(report => report.Node)]);

    /// <summary>Asks every node and finds the swarm that they must have. Where there is none, every node's own error is reported too.</summary>
    /// <exception cref="SwarmOpsException"><c>NoManagerInSet</c>, and those of <see cref="TakeAsync"/>.</exception>
    public static async Task<SwarmSurvey> FindAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, int throttleLimit, TimeSpan patience)
    {
        var survey = await TakeAsync(context, nodes, throttleLimit, patience).ConfigureAwait(false);
        if (survey.Located is not null)
            return survey;
        foreach (var silent in survey.Reports.Where(report => report.Failure is not null))
            context.WriteError(silent.Failure!);
        throw SwarmErrors.NoManagerInSet(nodes);
    }

    /// <summary>Asks every node and finds their swarm; waits while managers have no leader or are still starting.</summary>
    /// <exception cref="SwarmOpsException"><c>NodesInDifferentSwarms</c>, <c>SwarmHasNoLeader</c>.</exception>
    public static async Task<SwarmSurvey> TakeAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, int throttleLimit, TimeSpan patience)
    {
        var deadline = Deadline.In(patience);
        while (true)
        {
            var reports = await NodeReport.TakeAsync(context, nodes, throttleLimit).ConfigureAwait(false);
            var observations = reports.Select(report => report.Observation).OfType<NodeObservation>().ToList();
            var mayWait = deadline.LeavesTimeFor(Pause);
            try
            {
                var located = await SwarmLocator.LocateAsync(context, observations).ConfigureAwait(false);
                var isComing = located is null ? observations.Any(observation => observation.LocalState == LocalNodeStates.Pending) : located.View.SwarmId.Length == 0;
                if (!isComing || !mayWait)
                    return new SwarmSurvey(reports, located);
            }
            catch (SwarmOpsException error) when (mayWait && (error.ErrorId == "SwarmHasNoLeader" || ManagerRoute.IsPassing(error)))
            {
                context.WriteVerbose($"Waiting: {error.Message}");
            }

            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The member that a node is: by the id that its engine says; for a node that cannot be asked or has left, by what else is known of it,
    /// where that fits exactly one member that no other node of the set is.
    /// </summary>
    public NodeListResponse? MemberOf(NodeReport report)
    {
        if (report.Observation is { NodeId.Length: > 0 } observation)
            return View.Find(observation.NodeId);
        var taken = Reports.Select(other => other.Observation?.NodeId).OfType<string>().ToHashSet();
        var free = View.Members.Where(member => !taken.Contains(member.ID)).ToList();
        return MemberMatch.Find(report.Node, View.SwarmId, free);
    }

    /// <summary>A way into the swarm that does not lead through certain nodes; null when there is none.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="avoid">Ids of the members that must not be asked.</param>
    public ManagerRoute? RouteAvoiding(IOperationContext context, IReadOnlySet<string> avoid)
    {
        List<INodeConnection> managers =
        [
            .. Located!.Observations
                .Where(observation => observation.IsManager && !avoid.Contains(observation.NodeId) && View.Find(observation.NodeId) is not null)
                .OrderByDescending(observation => ReferenceEquals(observation.Connection, View.Manager))
                .Select(observation => observation.Connection),
        ];
        return managers.Count == 0 ? null : new ManagerRoute(context, View.SwarmId, managers);
    }
}
