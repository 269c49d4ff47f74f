using SwarmOps.Pipeline;
using SwarmOps.Swarm;

namespace SwarmOps.Aws;

/// <summary>Gets nodes out of their swarm in the safe order before their instances go, by the operation of Remove-SwarmNode.</summary>
internal sealed class SwarmLeave(IOperationContext context, IReadOnlyList<SwarmNode> staying)
{
    /// <summary>A swarm may wait for its election that long; its tasks get the caller's time.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(120);

    /// <summary>What no removal of a whole cluster may pass over: members of the swarm that are not of the cluster would lose it.</summary>
    private static readonly string[] HarmsOthers = ["LastManager", "QuorumWouldBeLost", "LeaderOfTwoManagers", "NoOtherManager"];

    /// <summary>Whether all of the cluster goes, so that its swarm may end.</summary>
    public required bool Whole { get; init; }

    /// <summary>Whether instances go even when their nodes cannot leave, and whether the quorum may be lost.</summary>
    public required bool Force { get; init; }

    /// <summary>Whether tasks are moved away first.</summary>
    public required bool Drain { get; init; }

    /// <summary>How long each step may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How the swarm's lock is taken.</summary>
    public required LockSettings Lock { get; init; }

    /// <summary>How many nodes are asked at the same time.</summary>
    public required int ThrottleLimit { get; init; }

    /// <summary>Finds out what would be done; changes nothing.</summary>
    /// <exception cref="SwarmOpsException"><c>SwarmWouldBeDissolved</c>, <c>QuorumWouldBeLost</c> and the like, without <see cref="Force"/>.</exception>
    public async Task<SwarmLeavePlan> PlanAsync(IReadOnlyList<SwarmNode> leaving)
    {
        if (leaving.Count == 0)
            return SwarmLeavePlan.Nothing;
        var rehearsal = new RelayedContext(context, answer: false);
        try
        {
            await Removal(rehearsal, leaving).RunAsync().ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (Force || (Whole && !HarmsOthers.Contains(error.ErrorId)))
        {
            if (Whole)
                context.WriteVerbose($"Nobody leaves the swarm first: {error.Message}");
            else
                context.WriteWarning($"{error.Message} The instances are terminated all the same (-Force).");
            return SwarmLeavePlan.Nothing;
        }

        foreach (var warning in rehearsal.Warnings)
            context.WriteWarning(warning);
        return new SwarmLeavePlan(
            rehearsal.Asked.DistinctBy(question => question.Target).ToDictionary(question => question.Target, question => question.Action),
            Report(rehearsal.Errors).ToHashSet());
    }

    /// <summary>Lets nodes leave.</summary>
    /// <returns>The names of those whose instances must stay, since they did not.</returns>
    /// <exception cref="SwarmOpsException">As <see cref="PlanAsync"/>.</exception>
    public async Task<IReadOnlySet<string>> RunAsync(IReadOnlyList<SwarmNode> leaving)
    {
        if (leaving.Count == 0)
            return new HashSet<string>();
        // The swarm's lock is held while nodes leave, and let go of before the instances end through which it is renewed.
        var run = new RelayedContext(context, answer: true);
        try
        {
            await ChangeScope.RunAsync(context, Lock, scope => Removal(run = new RelayedContext(scope, answer: true), leaving).RunAsync()).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (Force && error.ErrorId is not ("SwarmLockHeld" or "SwarmLockLost"))
        {
            context.WriteWarning($"{error.Message} The instances are terminated all the same (-Force).");
        }

        return Report(run.Errors).ToHashSet();
    }

    private RemovalOperation Removal(IOperationContext relayed, IReadOnlyList<SwarmNode> leaving) => new(relayed, new RemovalRequest(leaving)
    {
        Managers = staying,
        Force = Force,
        Drain = Drain,
        PassThru = true,
        Settings = new LeaveSettings { Timeout = Timeout < LongestStep ? Timeout : LongestStep, ThrottleLimit = ThrottleLimit, HostsGo = true },
    });

    /// <summary>Tells the errors of single nodes.</summary>
    /// <returns>The names of those that block.</returns>
    private List<string> Report(IEnumerable<SwarmOpsException> errors)
    {
        var blocked = new List<string>();
        foreach (var error in errors)
        {
            // A first boot that failed leaves a host without an engine: it is in no swarm.
            if (Whole || error.ErrorId == "EngineNotInstalled")
                context.WriteVerbose(error.Message);
            else if (Force)
                context.WriteWarning($"{error.Message} The instance is terminated all the same (-Force).");
            else
            {
                context.WriteError(error);
                if (error.Target is SwarmNode node)
                    blocked.Add(node.Name);
            }
        }

        return blocked;
    }
}
