using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Swarm;

/// <summary>Brings the nodes of a set into its swarm.</summary>
internal sealed class JoinOperation(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
{
    private const string Activity = "Join-SwarmAsWorker";

    /// <summary>Managers beyond the set.</summary>
    public IReadOnlyList<SwarmNode> Managers { get; init; } = [];

    /// <summary>Address or interface for the overlay networks' packets; null means the advertised one.</summary>
    public string? DataPathAddress { get; init; }

    /// <summary>Whether the managers must be seen to reach a node before it joins.</summary>
    public bool TestReachability { get; init; } = true;

    /// <summary>How long one node may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How many nodes join at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;

    /// <summary>Runs it and emits the members of the set.</summary>
    public async Task RunAsync()
    {
        var others = Managers.Where(manager => !nodes.Any(node => node.DockerHost == manager.DockerHost)).ToList();
        var located = await SwarmLocator.LocateAsync(context, [.. nodes, .. others], ThrottleLimit).ConfigureAwait(false);
        var observations = located.Observations.Where(observation => nodes.Contains(observation.Node)).ToList();
        var ready = observations.Where(observation => IsJudgedWell(observation, located.View)).ToList();

        var members = ready.Where(observation => observation.IsMemberOf(located.View)).ToList();
        var joining = ready.Except(members).ToList();
        await LabelAsync(members, located.View).ConfigureAwait(false);
        if (TestReachability && joining.Count > 0)
            joining = await DropUnreachableAsync(joining, located).ConfigureAwait(false);
        members.AddRange(await JoinAsync(await AskAsync(joining, located.View).ConfigureAwait(false), located.View).ConfigureAwait(false));
        await EmitAsync(located, members).ConfigureAwait(false);
    }

    /// <summary>Reports a node that is not where it may be, and says whether it may go on.</summary>
    private bool IsJudgedWell(NodeObservation observation, SwarmView view)
    {
        var error = Judge(observation, view);
        if (error is not null)
            context.WriteError(error);
        return error is null;
    }

    private static SwarmOpsException? Judge(NodeObservation observation, SwarmView view)
    {
        var node = observation.Node;
        if (node.SwarmId is { Length: > 0 } id && id != view.SwarmId)
            return SwarmErrors.WrongSwarm(node, view.SwarmId);
        if (observation.LocalState == LocalNodeStates.Locked)
            return SwarmErrors.SwarmLocked(node);
        if (observation.IsActive && !observation.IsMemberOf(view) && !observation.IsStrayOf(view))
            return SwarmErrors.NodeInAnotherSwarm(node, observation.Info.Swarm?.RemoteManagers);
        if (string.IsNullOrEmpty(node.AdvertiseAddress))
            return observation.IsMemberOf(view) ? null : SwarmErrors.AdvertiseAddressMissing(node);
        if (!System.Net.IPAddress.TryParse(node.AdvertiseAddress, out _))
            return SwarmErrors.AdvertiseAddressNotAnAddress(node);
        return observation.IsMemberOf(view) && observation.NodeAddress != node.AdvertiseAddress ? SwarmErrors.AdvertiseAddressDiffers(node, observation.NodeAddress) : null;
    }

    /// <summary>Members of an earlier run that was killed before it came to the labels.</summary>
    private async Task LabelAsync(IEnumerable<NodeObservation> members, SwarmView view)
    {
        foreach (var member in members.Where(member => NodeLabels.AreMissing(member.Node, view.Find(member.NodeId)!)))
        {
            if (await context.ShouldProcessAsync(member.Node.ToString(), "Set the labels region and zone").ConfigureAwait(false))
                await NodeLabels.SetAsync(view.Manager, member.Node, member.NodeId, context.CancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<List<NodeObservation>> DropUnreachableAsync(List<NodeObservation> joining, LocatedSwarm located)
    {
        var unreachable = await AdvertiseAddressTest.FindUnreachableAsync(
            context,
            [.. joining.Select(observation => observation.Node)],
            [located.View.Manager.Node]).ConfigureAwait(false);
        foreach (var error in unreachable.Values)
            context.WriteError(error);
        return [.. joining.Where(observation => !unreachable.ContainsKey(observation.Node))];
    }

    private async Task<IReadOnlyList<NodeObservation>> AskAsync(IReadOnlyList<NodeObservation> joining, SwarmView view)
    {
        var agreed = new List<NodeObservation>();
        foreach (var observation in joining)
        {
            if (await context.ShouldProcessAsync(observation.Node.ToString(), $"Join swarm {view.SwarmId} as a worker that advertises {observation.Node.AdvertiseAddress}").ConfigureAwait(false))
                agreed.Add(observation);
        }

        return agreed;
    }

    private async Task<IReadOnlyList<NodeObservation>> JoinAsync(IReadOnlyList<NodeObservation> joining, SwarmView view)
    {
        if (joining.Count == 0)
            return [];
        var token = context.CancellationToken;
        var swarm = await view.Manager.AskAsync(engine => engine.Swarm.InspectSwarmAsync(token), token).ConfigureAwait(false);
        var ticket = new JoinTicket(view, swarm.JoinTokens.Worker, RemoteAddresses(view), DataPathAddress, Timeout);
        var done = 0;
        context.WriteProgress(new OperationProgress(0, Activity, $"{joining.Count} nodes join", 0));
        var joined = await NodeSet.ForEachAsync(context, [.. joining.Select(observation => observation.Node)], ThrottleLimit, async node =>
        {
            var member = await new NodeJoin(context, ticket, joining.First(observation => ReferenceEquals(observation.Node, node))).RunAsync().ConfigureAwait(false);
            var count = Interlocked.Increment(ref done);
            context.WriteProgress(new OperationProgress(0, Activity, $"{count} of {joining.Count} joined", count * 100 / joining.Count));
            return member;
        }).ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, Activity, "done", 100, Completed: true));
        return joined;
    }

    /// <summary>Where to join: the managers that the leader reaches come first. The engine itself only ever tries the first (moby/moby issue 24085).</summary>
    public static List<string> RemoteAddresses(SwarmView view) =>
        [.. view.Managers
            .OrderByDescending(manager => manager.ManagerStatus!.Leader is true)
            .ThenByDescending(manager => manager.ManagerStatus!.Reachability == "reachable")
            .Select(manager => manager.ManagerStatus!.Addr)
            .OfType<string>()];

    private async Task EmitAsync(LocatedSwarm located, List<NodeObservation> members)
    {
        if (members.Count == 0)
            return;
        var view = await located.View.RefreshAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var node in nodes)
        {
            if (members.Find(member => ReferenceEquals(member.Node, node)) is { } member)
                context.WriteObject(SwarmNodeMapper.Describe(member, view));
        }
    }
}
