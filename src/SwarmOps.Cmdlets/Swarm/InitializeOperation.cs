using System.Net;
using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Locking;
using SwarmOps.Swarm.Outage;
using SwarmOps.Transport;

namespace SwarmOps.Swarm;

/// <summary>Initializes a swarm on one node of a node set, or uses the swarm that the set already has.</summary>
internal sealed class InitializeOperation(IOperationContext context, IReadOnlyList<SwarmNode> nodes, SwarmOptions options)
{
    /// <summary>How often the node set is read again when it changes meanwhile.</summary>
    private const int Looks = 3;

    /// <summary>Name of the node on which to start; null means the first.</summary>
    public string? On { get; init; }

    /// <summary>Whether it is tested, before anything is changed, that the other nodes reach the address.</summary>
    public bool TestReachability { get; init; } = true;

    /// <summary>How long the swarm may take to have a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many nodes are queried at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;

    /// <summary>Whether the first node may lose the state of a swarm without quorum.</summary>
    public bool Rejoin { get; init; }

    /// <summary>Whether the confirmation is suppressed (<c>-Force</c>).</summary>
    public bool Force { get; init; }

    /// <summary>Runs it and emits the set.</summary>
    public async Task RunAsync()
    {
        var first = ChooseFirst();
        RefuseWithoutAddress(first);
        var survey = await LookAsync().ConfigureAwait(false);
        survey.ReportSilent(context);
        var located = survey.Located;
        if (located is not null)
        {
            RefuseWrongSwarm(located);
            await AdjustAsync(located).ConfigureAwait(false);
        }
        else if (survey.Reports.Any(report => report.Observation is not null))
        {
            located = await MakeAsync(first, survey).ConfigureAwait(false);
        }

        if (located is not null)
            Emit(located);
    }

    /// <summary>Reads the node set, and its disks when no swarm is found. When another run has initialized a swarm in between, the set is read again.</summary>
    private async Task<SwarmSurvey> LookAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var survey = await SwarmSurvey.TakeAsync(context, nodes, ThrottleLimit, Timeout).ConfigureAwait(false);
            if (survey.Located is not null || survey.Reports.All(report => report.Observation is null))
                return survey;
            var seen = await survey.WithTracesAsync(context, ThrottleLimit).ConfigureAwait(false);
            if (attempt == Looks || !seen.Reports.Zip(survey.Reports).Any(pair => pair is { First.Observation.HoldsSwarmState: true, Second.Observation.HoldsSwarmState: false }))
                return seen;
        }
    }

    private SwarmNode ChooseFirst() => On is null
        ? nodes[0]
        : nodes.FirstOrDefault(node => string.Equals(node.Name, On, StringComparison.OrdinalIgnoreCase)) ?? throw SwarmErrors.NodeNotInSet(On, nodes);

    private static void RefuseWithoutAddress(SwarmNode node)
    {
        if (string.IsNullOrEmpty(node.AdvertiseAddress))
            throw SwarmErrors.AdvertiseAddressMissing(node);
        if (!IPAddress.TryParse(node.AdvertiseAddress, out _))
            throw SwarmErrors.AdvertiseAddressNotAnAddress(node);
    }

    private void RefuseWrongSwarm(LocatedSwarm located)
    {
        if (nodes.FirstOrDefault(node => node.SwarmId is { Length: > 0 } id && id != located.View.SwarmId) is { } stray)
            throw SwarmErrors.WrongSwarm(stray, located.View.SwarmId);
    }

    private async Task<LocatedSwarm?> MakeAsync(SwarmNode first, SwarmSurvey survey)
    {
        FoundingGuard.Refuse(survey, first, Rejoin);
        var report = survey.Reports.First(report => ReferenceEquals(report.Node, first));
        var start = report.Observation!;
        var action = $"Initialize a swarm, advertise address {first.AdvertiseAddress}";
        context.Guard(new HostsLock([.. survey.Reports.Select(seen => seen.Observation!).Where(seen => !seen.IsActive)]));
        // Confirmed, and the hosts locked, before the ports are tested: two runs that test at the same time would see each other's listeners.
        var agreed = start.HoldsSwarmState || await context.ShouldProcessAsync(first.ToString(), action).ConfigureAwait(false);
        if (TestReachability)
            await AdvertiseAddressTest.RefuseUnreachableAsync(context, first, nodes).ConfigureAwait(false);
        if (!start.HoldsSwarmState)
            await GossipPort.WaitUntilFreeAsync(start.Connection, context.CancellationToken).ConfigureAwait(false);
        if (!agreed || (start.HoldsSwarmState && !await GiveUpAsync(report, survey, action).ConfigureAwait(false)))
            return null;

        await InitAsync(start.Connection).ConfigureAwait(false);
        var made = await VerifyAsync(start).ConfigureAwait(false);
        var view = await SwarmView.ReadAsync(made.Connection, made.SwarmId!, context.CancellationToken).ConfigureAwait(false);
        await NodeLabels.SetAsync(view.Manager, made.Node, made.NodeId, context.CancellationToken).ConfigureAwait(false);
        view = await view.RefreshAsync(context.CancellationToken).ConfigureAwait(false);
        return new LocatedSwarm([.. survey.Reports.Select(seen => ReferenceEquals(seen.Node, first) ? made : seen.Observation!)], view);
    }

    /// <summary>Makes the first node leave a swarm without quorum, after confirmation; reads the state again, since the answer may have taken long.</summary>
    private async Task<bool> GiveUpAsync(NodeReport report, SwarmSurvey survey, string action)
    {
        var others = survey.Reports.Where(other => other.HoldsSwarmState && !ReferenceEquals(other, report)).Select(other => $"'{other.Node.Name}'").ToList();
        var warning = others.Count == 0 ? null : $"The swarm state of {string.Join(", ", others)} is kept.";
        if (!await new RejoinConsent(context, Force).AskAsync(report, $"{char.ToLowerInvariant(action[0])}{action[1..]}", warning).ConfigureAwait(false))
            return false;
        if ((await SwarmSurvey.TakeAsync(context, nodes, ThrottleLimit, TimeSpan.Zero).ConfigureAwait(false)).Located is { } back)
            throw OutageErrors.SwarmIsBack(report.Node, back.View.SwarmId);
        await SwarmStateCopy.MakeAsync(context, report).ConfigureAwait(false);
        var connection = report.Observation!.Connection;
        await SwarmMembership.LeaveAsync(connection, context.CancellationToken).ConfigureAwait(false);
        await GossipPort.WaitUntilFreeAsync(connection, context.CancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task InitAsync(INodeConnection connection)
    {
        context.WriteProgress(new OperationProgress(0, "Initialize-Swarm", $"Initializing a swarm on {connection.Node}"));
        try
        {
            await SendInitAsync(connection, options.ListenAddress ?? ListenAddressChooser.Choose(connection.Node)).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (options.ListenAddress is null && ListenAddressChooser.IsAskedFor(error))
        {
            var own = await ListenAddressChooser.AskAsync(connection, context.CancellationToken).ConfigureAwait(false) ?? throw SwarmErrors.ListenAddressNeeded(connection.Node, error);
            await SendInitAsync(connection, own).ConfigureAwait(false);
        }
    }

    private Task SendInitAsync(INodeConnection connection, string listenAddress)
    {
        var spec = new Spec { Labels = new Dictionary<string, string>() };
        options.ApplyTo(spec);
        var parameters = new SwarmInitParameters
        {
            AdvertiseAddr = connection.Node.AdvertiseAddress!,
            ListenAddr = listenAddress,
            DataPathAddr = options.DataPathAddress ?? "",
            DataPathPort = (uint)(options.DataPathPort ?? 0),
            DefaultAddrPool = [.. options.AddressPool ?? []],
            SubnetSize = (uint)(options.SubnetSize ?? 0),
            AutoLockManagers = options.AutoLock ?? false,
            Spec = spec,
        };
        return connection.TellAsync(engine => engine.Swarm.InitSwarmAsync(parameters, context.CancellationToken), context.CancellationToken);
    }

    private async Task<NodeObservation> VerifyAsync(NodeObservation start)
    {
        var made = await Polling.UntilAsync(
            async () =>
            {
                var seen = await NodeObservation.TakeAsync(start.Node, start.Connection, context.CancellationToken).ConfigureAwait(false);
                return seen is { IsManager: true, SwarmId: not null } && seen.Info.Swarm!.Managers > 0 ? seen : null;
            },
            Timeout,
            context.CancellationToken).ConfigureAwait(false) ?? throw SwarmErrors.InitializeTimedOut(start.Node, Timeout);
        if (made.NodeAddress != start.Node.AdvertiseAddress)
            throw SwarmErrors.AdvertiseAddressDiffers(start.Node, made.NodeAddress);
        return made;
    }

    /// <summary>Applies the options that can be changed, and throws for those that cannot.</summary>
    private async Task AdjustAsync(LocatedSwarm located)
    {
        if (options == new SwarmOptions())
            return;
        var token = context.CancellationToken;
        var swarm = await located.View.Manager.AskAsync(engine => engine.Swarm.InspectSwarmAsync(token), token).ConfigureAwait(false);
        var first = ChooseFirst();
        var start = located.Observations.FirstOrDefault(observation => observation.Node.Name == first.Name);
        IReadOnlyList<string> differences =
            [.. options.FixedDifferences(swarm), .. await StartAddresses.DifferencesAsync(context, options, first, start, located.View).ConfigureAwait(false)];
        if (differences.Count > 0)
            throw SwarmErrors.SwarmOptionsDiffer(located.View.SwarmId, differences);
        if (options.ApplyTo(swarm.Spec) is not { Count: > 0 } changes)
            return;
        if (!await context.ShouldProcessAsync($"swarm {located.View.SwarmId}", $"Set {string.Join(", ", changes)}").ConfigureAwait(false))
            return;
        var update = new SwarmUpdateParameters { Spec = swarm.Spec, Version = (long)(swarm.Version?.Index ?? 0) };
        await located.View.Manager.TellAsync(engine => engine.Swarm.UpdateSwarmAsync(update, token), token).ConfigureAwait(false);
    }

    /// <summary>Writes the node set: members as the swarm lists them, the others with the id of the swarm to join.</summary>
    private void Emit(LocatedSwarm located)
    {
        foreach (var observation in located.Observations)
        {
            if (observation.IsActive && !observation.IsMemberOf(located.View) && !observation.IsStrayOf(located.View))
                context.WriteError(SwarmErrors.NodeInAnotherSwarm(observation.Node, observation.Info.Swarm?.RemoteManagers));
            else
                context.WriteObject(located.Describe(observation));
        }
    }
}
