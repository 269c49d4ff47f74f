using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Outage;
using SwarmOps.Transport;

namespace SwarmOps.Swarm;

/// <summary>A node set and its swarm, found from the nodes alone, with patience for elections and for engines that have just started.</summary>
/// <param name="Reports">What came of asking each node, in the set's order.</param>
/// <param name="Located">The swarm as its leader sees it; null when no node of the set is a manager.</param>
internal sealed record SwarmSurvey(IReadOnlyList<NodeReport> Reports, LocatedSwarm? Located)
{
    /// <summary>How long reading stages wait for a leader that have no time limit of their own.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The swarm as its leader sees it.</summary>
    public SwarmView View => Located?.View ?? throw SwarmErrors.NoManagerInSet([.. Reports.Select(report => report.Node)]);

    /// <summary>Asks every node and finds the swarm that they must have. Where there is none, every node's own error is reported too.</summary>
    /// <exception cref="SwarmOpsException"><c>NoManagerInSet</c>, <c>SwarmHasNoQuorum</c>, and those of <see cref="TakeAsync"/>.</exception>
    public static async Task<SwarmSurvey> FindAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, int throttleLimit, TimeSpan patience)
    {
        var survey = await TakeAsync(context, nodes, throttleLimit, patience).ConfigureAwait(false);
        if (survey.Located is not null)
            return survey;
        survey.ReportSilent(context);
        throw await survey.WhyNoSwarmAsync(context, throttleLimit).ConfigureAwait(false);
    }

    /// <summary>Asks every node and finds their swarm; waits while there may be one that has no leader, or whose managers are still starting.</summary>
    /// <exception cref="SwarmOpsException"><c>NodesInDifferentSwarms</c>, the transport's errors.</exception>
    public static async Task<SwarmSurvey> TakeAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, int throttleLimit, TimeSpan patience)
    {
        var deadline = Deadline.In(patience);
        while (true)
        {
            var reports = await NodeReport.TakeAsync(context, nodes, throttleLimit).ConfigureAwait(false);
            var located = await LocateAsync(context, reports).ConfigureAwait(false);
            var isComing = located is null ? MayHaveOne(reports) : located.View.SwarmId.Length == 0;
            if (!isComing || !deadline.LeavesTimeFor(Pause))
                return new SwarmSurvey(reports, located);
            context.WriteProgress(new OperationProgress(0, "Finding the swarm", "Waiting for the swarm to elect a leader"));
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reports every node that could not be asked as an error of its own.</summary>
    public void ReportSilent(IOperationContext context)
    {
        foreach (var silent in Reports.Where(report => report.Failure is not null))
            context.WriteError(silent.Failure!);
    }

    /// <summary>
    /// Looks at the disks of the nodes too, where commands can be run. An engine whose disk holds a state that it did not speak of is asked once more: another run may have made
    /// it a member of a swarm since.
    /// </summary>
    public async Task<SwarmSurvey> WithTracesAsync(IOperationContext context, int throttleLimit)
    {
        var reports = await Throttle.ForEachAsync(
            Reports,
            throttleLimit,
            report => LookAtDiskAsync(context, report),
            context.CancellationToken).ConfigureAwait(false);
        return this with { Reports = reports };
    }

    private static async Task<NodeReport> LookAtDiskAsync(IOperationContext context, NodeReport report)
    {
        var trace = await SwarmTraceReader.ReadAsync(context, report).ConfigureAwait(false);
        var now = trace?.IsHeld is true && report.Observation is { HoldsSwarmState: false } ? await NodeReport.TakeAsync(context, report.Node).ConfigureAwait(false) : report;
        return now with { Trace = trace };
    }

    /// <summary>Why no swarm was found: there is none that could be asked, or one that has no quorum.</summary>
    public async Task<SwarmOpsException> WhyNoSwarmAsync(IOperationContext context, int throttleLimit)
    {
        if (!LacksQuorum(Reports))
            return SwarmErrors.NoManagerInSet([.. Reports.Select(report => report.Node)]);
        return OutageErrors.SwarmHasNoQuorum(LostQuorum.Of((await WithTracesAsync(context, throttleLimit).ConfigureAwait(false)).Reports));
    }

    /// <summary>
    /// Whether nodes hold the state of a swarm whose managers they should be able to name. Workers that take part and whose managers are simply not in the
    /// set are none of that, as long as every node of the set was asked.
    /// </summary>
    public static bool LacksQuorum(IReadOnlyList<NodeReport> reports) =>
        reports.Any(report => report.HoldsSwarmState)
        && (reports.Any(report => report.Failure is not null) || reports.Any(report => report.HoldsSwarmState && report.Observation is not { IsActive: true, IsManager: false }));

    /// <summary>Whether waiting may help: only an engine that is locked waits for a person.</summary>
    private static bool MayHaveOne(IReadOnlyList<NodeReport> reports) =>
        LacksQuorum(reports) && !reports.All(report => report.Observation is { LocalState: LocalNodeStates.Locked or LocalNodeStates.Inactive });

    private static async Task<LocatedSwarm?> LocateAsync(IOperationContext context, IReadOnlyList<NodeReport> reports)
    {
        try
        {
            return await SwarmLocator.LocateAsync(context, [.. reports.Select(report => report.Observation).OfType<NodeObservation>()]).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.ErrorId == "SwarmHasNoLeader" || ManagerRoute.IsPassing(error))
        {
            context.WriteVerbose($"The swarm has no leader at the moment: {error.Message}");
            return null;
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
