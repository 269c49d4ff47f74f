using System.Runtime.CompilerServices;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Locking;
using SwarmOps.Swarm.Outage;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Access;

/// <summary>
/// The one way into a swarm, found from a node set alone: no stage trusts that an earlier one ran. It has patience for elections and for engines that have just started, asks
/// another manager when one fails, and says once which nodes are silent. This file finds the swarm; SwarmSession.Asking.cs asks it.
/// </summary>
internal sealed partial class SwarmSession
{
    /// <summary>How long stages that have no time limit of their own wait for a leader.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookPause = TimeSpan.FromSeconds(1);

    private readonly SwarmView? view;
    private readonly TimeSpan patience;
    private readonly IReadOnlyList<INodeConnection> managers;
    private readonly StrongBox<INodeConnection?> preferred;
    private readonly Lazy<IReadOnlyDictionary<string, SwarmPlace>> places;
    private readonly Lazy<IReadOnlyList<SwarmNode>> described;

    private SwarmSession(
        IOperationContext context,
        IReadOnlyList<NodeReport> reports,
        SwarmView? view,
        TimeSpan patience,
        IReadOnlyList<INodeConnection> managers,
        StrongBox<INodeConnection?> preferred
    )
    {
        (Context, Reports, this.view, this.patience, this.managers, this.preferred) = (
            context,
            reports,
            view,
            patience,
            managers,
            preferred
        );
        Observations = [.. reports.Select(report => report.Observation).OfType<NodeObservation>()];
        places = new(FindPlaces);
        described = new(() => [.. Observations.Select(Describe)]);
    }

    /// <summary>The stage that works.</summary>
    public IOperationContext Context { get; }

    /// <summary>What came of asking each node, in the set's order.</summary>
    public IReadOnlyList<NodeReport> Reports { get; }

    /// <summary>What each node that answered said of itself, in the set's order.</summary>
    public IReadOnlyList<NodeObservation> Observations { get; }

    /// <summary>Whether a manager of the set named its swarm.</summary>
    public bool IsFound => view is not null;

    /// <summary>The swarm as its leader, or a manager that knows one, sees it.</summary>
    /// <exception cref="SwarmOpsException"><c>NoManagerInSet</c> when no node of the set is a manager.</exception>
    public SwarmView View => view ?? throw SwarmErrors.NoManagerInSet([.. Reports.Select(report => report.Node)]);

    /// <summary>The swarm's id.</summary>
    public string SwarmId => View.SwarmId;

    /// <summary>The manager that answered first: for what is asked of one manager only.</summary>
    public INodeConnection Manager => View.Manager;

    /// <summary>All managers of the set that answered, <see cref="Manager"/> first: for questions that any of them can answer, so that they share the work.</summary>
    public IReadOnlyList<INodeConnection> Managers => managers;

    /// <summary>The nodes of the set that answered, as they are now in the swarm.</summary>
    public IReadOnlyList<SwarmNode> Nodes => described.Value;

    /// <summary>The nodes of the set that did not answer, and why.</summary>
    public IReadOnlyList<NodeReport> Silent => [.. Reports.Where(report => report.Failure is not null)];

    /// <summary>Name and region of every member, by its id.</summary>
    public IReadOnlyDictionary<string, SwarmPlace> Members => places.Value;

    /// <summary>Finds the swarm of a node set, for stages that can do their work through its managers: a node that does not answer is a warning, once.</summary>
    /// <param name="context">The stage that works.</param>
    /// <param name="nodes">Nodes of the swarm.</param>
    /// <param name="throttleLimit">How many nodes are asked at the same time.</param>
    /// <param name="patience">How long to wait for a leader, here and in each later question; null for <see cref="Patience"/>.</param>
    /// <param name="sink">Takes the members while they are listed, and says which of them the session keeps; null keeps all.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="FindAsync"/>.</exception>
    public static async Task<SwarmSession> OpenAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> nodes,
        int throttleLimit,
        TimeSpan? patience = null,
        MemberSink? sink = null
    )
    {
        var session = await FindAsync(context, nodes, throttleLimit, patience, sink).ConfigureAwait(false);
        foreach (var silent in session.Silent)
            context.WriteWarning($"{silent.Failure!.Message.TrimEnd('.')}. Continuing without it.");
        return session;
    }

    /// <summary>
    /// Finds the swarm of a node set, for stages that work on the nodes themselves: what a silent node means is for them to say. Where there is no swarm, every silent node is
    /// reported as an error of its own.
    /// </summary>
    /// <exception cref="SwarmOpsException"><c>NoManagerInSet</c>, <c>SwarmHasNoQuorum</c>, and those of <see cref="LookAsync"/>.</exception>
    public static async Task<SwarmSession> FindAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> nodes,
        int throttleLimit,
        TimeSpan? patience = null,
        MemberSink? sink = null
    )
    {
        var session = await LookAsync(context, nodes, throttleLimit, patience, sink).ConfigureAwait(false);
        if (session.IsFound)
            return session;
        session.ReportSilent();
        throw await session.WhyNoSwarmAsync(throttleLimit).ConfigureAwait(false);
    }

    /// <summary>Asks every node and finds their swarm, if they have one; waits while there may be one that has no leader, or whose managers are still starting.</summary>
    /// <exception cref="SwarmOpsException"><c>NodesInDifferentSwarms</c>, the transport's errors.</exception>
    public static async Task<SwarmSession> LookAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> nodes,
        int throttleLimit,
        TimeSpan? patience = null,
        MemberSink? sink = null
    )
    {
        var time = patience ?? Patience;
        var deadline = Deadline.In(time);
        while (true)
        {
            var here = CallChain.Mark.Here();
            var guess = sink is null ? MemberGuess.Begin(context, nodes) : null;
            var reports = await CallChain
                .BesideAsync(() => NodeReport.TakeAsync(context, nodes, throttleLimit), here)
                .ConfigureAwait(false);
            var view = await SeeAsync(context, reports, guess, sink).ConfigureAwait(false);
            var isComing = view is null ? MayHaveOne(reports) : view.SwarmId.Length == 0;
            if (!isComing || !deadline.LeavesTimeFor(LookPause))
                return Of(context, reports, view, time);
            context.WriteProgress(
                new OperationProgress(0, "Looking for the swarm", "The nodes hold the state of a swarm that has no leader: waiting for it")
            );
            await Task.Delay(LookPause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A session with a swarm that has been found; the swarm's lock is what changes need.</summary>
    public static SwarmSession Of(IOperationContext context, IReadOnlyList<NodeReport> reports, SwarmView? view, TimeSpan patience)
    {
        var managers = view is null ? [] : ManagersOf(reports, view, new HashSet<string>());
        var session = new SwarmSession(context, reports, view, patience, managers, new(managers is [var first, ..] ? first : null));
        if (view is { SwarmId.Length: > 0 })
            context.Guard(new SwarmLock(session));
        return session;
    }

    /// <summary>Reports every node that could not be asked as an error of its own.</summary>
    public void ReportSilent()
    {
        foreach (var silent in Silent)
            Context.WriteError(silent.Failure!);
    }

    /// <summary>
    /// Looks at the disks of the nodes too, where commands can be run. An engine whose disk holds a state that it did not speak of is asked once more: another run may have made
    /// it a member of a swarm since.
    /// </summary>
    /// <param name="throttleLimit">How many nodes are asked at the same time.</param>
    /// <param name="early">Disks that were read while the engines were asked, by node; null for none. Only those without any state are used.</param>
    public async Task<SwarmSession> WithTracesAsync(int throttleLimit, IReadOnlyDictionary<SwarmNode, SwarmTrace>? early = null)
    {
        var reports = await Throttle
            .ForEachAsync(
                Reports,
                throttleLimit,
                report =>
                    early?.GetValueOrDefault(report.Node) is { } trace && IsEmpty(report, trace)
                        ? Task.FromResult(report with { Trace = trace })
                        : LookAtDiskAsync(report),
                Context.CancellationToken
            )
            .ConfigureAwait(false);
        return new SwarmSession(Context, reports, view, patience, managers, preferred);
    }

    /// <summary>The session once a node of the set has founded the swarm.</summary>
    /// <param name="founder">What that node says of itself now.</param>
    /// <param name="founded">The swarm as it sees it.</param>
    public SwarmSession Founded(NodeObservation founder, SwarmView founded)
    {
        NodeReport[] reports =
        [
            .. Reports.Select(report =>
                ReferenceEquals(report.Node, founder.Node) ? report with { Observation = founder, Failure = null } : report
            ),
        ];
        var connections = ManagersOf(reports, founded, new HashSet<string>());
        return new SwarmSession(Context, reports, founded, patience, connections, new(connections is [var first, ..] ? first : null));
    }

    /// <summary>Why no swarm was found: there is none that could be asked, or one that has no quorum.</summary>
    public async Task<SwarmOpsException> WhyNoSwarmAsync(int throttleLimit)
    {
        if (!LacksQuorum(Reports))
            return SwarmErrors.NoManagerInSet([.. Reports.Select(report => report.Node)]);
        return OutageErrors.SwarmHasNoQuorum(LostQuorum.Of((await WithTracesAsync(throttleLimit).ConfigureAwait(false)).Reports));
    }

    /// <summary>
    /// Whether nodes hold the state of a swarm whose managers they should be able to name. Workers that take part and whose managers are simply not in the
    /// set are none of that, as long as every node of the set was asked.
    /// </summary>
    public static bool LacksQuorum(IReadOnlyList<NodeReport> reports) =>
        reports.Any(report => report.HoldsSwarmState)
        && (
            reports.Any(report => report.Failure is not null)
            || reports.Any(report => report.HoldsSwarmState && report.Observation is not { IsActive: true, IsManager: false })
        );

    /// <summary>A node of the set as it is now in the swarm.</summary>
    public SwarmNode Describe(NodeObservation observation) => SwarmNodeMapper.Describe(observation, View);

    /// <summary>What a node of the set says of itself, found by its id in the swarm; null when it is not in the set or could not be asked.</summary>
    public NodeObservation? Observation(string nodeId) =>
        Observations.FirstOrDefault(observation => observation.NodeId == nodeId && nodeId.Length > 0);

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

    /// <summary>Where a member is; its id as its name when it has left.</summary>
    public SwarmPlace? Place(string? nodeId) =>
        string.IsNullOrEmpty(nodeId) ? null : Members.GetValueOrDefault(nodeId, new SwarmPlace(nodeId, null));

    private Dictionary<string, SwarmPlace> FindPlaces()
    {
        // A node that does not answer is called as in the set, too, where it is clear which member it is.
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var report in Reports.OrderBy(report => report.Observation is null))
        {
            if (report.Observation is not { NodeId.Length: 0 } && MemberOf(report) is { } member)
                names.TryAdd(member.ID, report.Node.Name);
        }

        var found = new Dictionary<string, SwarmPlace>(View.Members.Count, StringComparer.Ordinal);
        foreach (var member in View.Members)
        {
            var name = names.GetValueOrDefault(member.ID) ?? member.Description?.Hostname ?? member.ID;
            var region = member.Spec?.Labels?.TryGetValue(SwarmNodeMapper.RegionLabel, out var label) is true ? label : null;
            found.TryAdd(member.ID, new SwarmPlace(name, region));
        }

        return found;
    }

    /// <summary>Whether engine and disk agree that there is no state, and the directory that was read is the engine's.</summary>
    private static bool IsEmpty(NodeReport report, SwarmTrace trace) =>
        !trace.IsHeld && report.Observation is { HoldsSwarmState: false } own && trace.Path == $"{own.Info.DockerRootDir}/swarm";

    private async Task<NodeReport> LookAtDiskAsync(NodeReport report)
    {
        var trace = await SwarmTraceReader.ReadAsync(Context, report).ConfigureAwait(false);
        var now =
            trace?.IsHeld is true && report.Observation is { HoldsSwarmState: false }
                ? await NodeReport.TakeAsync(Context, report.Node).ConfigureAwait(false)
                : report;
        return now with { Trace = trace };
    }

    /// <summary>Whether waiting may help: only an engine that is locked waits for a person.</summary>
    private static bool MayHaveOne(IReadOnlyList<NodeReport> reports) =>
        LacksQuorum(reports)
        && !reports.All(report => report.Observation is { LocalState: LocalNodeStates.Locked or LocalNodeStates.Inactive });

    /// <summary>The swarm as the first manager of the set that has a leader sees it; null when there is no manager, or none that leads at the moment.</summary>
    private static async Task<SwarmView?> SeeAsync(
        IOperationContext context,
        IReadOnlyList<NodeReport> reports,
        MemberGuess? guess,
        MemberSink? sink
    )
    {
        var managers = reports
            .Select(report => report.Observation)
            .OfType<NodeObservation>()
            .Where(observation => observation.IsManager)
            .ToList();
        var swarms = managers.Where(manager => manager.SwarmId is not null).GroupBy(manager => manager.SwarmId!).ToList();
        if (swarms.Count > 1)
            throw SwarmErrors.NodesInDifferentSwarms([.. swarms.Select(swarm => (swarm.Key, swarm.First().Node))]);
        if (guess is not null && await guess.ViewAsync(managers).ConfigureAwait(false) is { } guessed)
            return guessed;
        SwarmOpsException? last = null;
        foreach (var manager in managers)
        {
            try
            {
                var swarmId = manager.SwarmId ?? "";
                return await SwarmView
                    .ReadAsync(
                        manager.Connection,
                        swarmId,
                        context.CancellationToken,
                        sink is null ? null : member => sink(reports, swarmId, member)
                    )
                    .ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                context.WriteVerbose($"{manager.Node.Name} was asked for the swarm's nodes and answered: {error.Message}");
                last = error;
            }
        }

        return last is null || IsPassing(last) ? null : throw last;
    }

    private static IReadOnlyList<INodeConnection> ManagersOf(
        IReadOnlyList<NodeReport> reports,
        SwarmView view,
        IReadOnlySet<string> avoid
    ) =>
        [
            .. reports
                .Select(report => report.Observation)
                .OfType<NodeObservation>()
                .Where(observation =>
                    observation.IsManager && !avoid.Contains(observation.NodeId) && view.Find(observation.NodeId) is not null
                )
                .OrderByDescending(observation => ReferenceEquals(observation.Connection, view.Manager))
                .Select(observation => observation.Connection),
        ];
}
