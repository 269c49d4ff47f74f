using SwarmOps.Pipeline;
using SwarmOps.Swarm.Locking;
using SwarmOps.Swarm.Members;
using SwarmOps.Transport;

namespace SwarmOps.Aws.Removal;

/// <summary>Removes nodes from their swarm in a safe order before their instances are terminated, with the operation of Remove-SwarmNode.</summary>
internal sealed class SwarmLeave(IOperationContext context, IReadOnlyList<SwarmNode> staying)
{
    /// <summary>Time limit of each step, such as a leader election; draining uses the caller's time limit.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(120);

    /// <summary>Errors that stop even the removal of a whole cluster: members of the swarm outside the cluster would lose the swarm.</summary>
    private static readonly string[] HarmsOthers = ["LastManager", "QuorumWouldBeLost", "LeaderOfTwoManagers", "NoOtherManager"];

    /// <summary>Whether the whole cluster is removed, so that its swarm may be dissolved.</summary>
    public required bool Whole { get; init; }

    /// <summary>Whether instances are terminated even if their nodes cannot leave, and whether the swarm may lose its quorum.</summary>
    public required bool Force { get; init; }

    /// <summary>Whether nodes are drained first.</summary>
    public required bool Drain { get; init; }

    /// <summary>Time limit of each step.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How the swarm's lock is acquired.</summary>
    public required LockSettings Lock { get; init; }

    /// <summary>How many nodes are contacted at the same time.</summary>
    public required int ThrottleLimit { get; init; }

    /// <summary>Determines the steps without changing anything.</summary>
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
                context.WriteVerbose($"The nodes do not leave the swarm first: {error.Message}");
            else
                context.WriteWarning($"{error.Message} The instances are terminated anyway, because -Force was specified.");
            return SwarmLeavePlan.Nothing;
        }

        foreach (var warning in rehearsal.Warnings)
            context.WriteWarning(warning);
        return new SwarmLeavePlan(
            rehearsal.Asked.DistinctBy(question => question.Target).ToDictionary(question => question.Target, question => question.Action),
            Report(rehearsal.Errors).ToHashSet()
        );
    }

    /// <summary>Makes nodes leave the swarm.</summary>
    /// <returns>The names of nodes that did not leave, whose instances must be kept.</returns>
    /// <exception cref="SwarmOpsException">As <see cref="PlanAsync"/>.</exception>
    public async Task<IReadOnlySet<string>> RunAsync(IReadOnlyList<SwarmNode> leaving)
    {
        if (leaving.Count == 0)
            return new HashSet<string>();
        // The swarm's lock is held while nodes leave, and released before the instances through which it is renewed are terminated.
        var run = new RelayedContext(context, answer: true);
        try
        {
            await ChangeScope
                .RunAsync(context, Lock, scope => Removal(run = new RelayedContext(scope, answer: true), leaving).RunAsync())
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
            when (Force && error.ErrorId is not (nameof(LockErrors.SwarmLockHeld) or nameof(LockErrors.SwarmLockLost)))
        {
            context.WriteWarning($"{error.Message} The instances are terminated anyway, because -Force was specified.");
        }

        return Report(run.Errors).ToHashSet();
    }

    private RemovalOperation Removal(IOperationContext relayed, IReadOnlyList<SwarmNode> leaving) =>
        new(
            relayed,
            new RemovalRequest(leaving)
            {
                Managers = staying,
                Force = Force,
                Drain = Drain,
                PassThru = true,
                Settings = new LeaveSettings
                {
                    Timeout = Timeout < LongestStep ? Timeout : LongestStep,
                    ThrottleLimit = ThrottleLimit,
                    HostsGo = true,
                },
            }
        );

    /// <summary>Reports the errors of single nodes.</summary>
    /// <returns>The names of nodes that must be kept.</returns>
    private List<string> Report(IEnumerable<SwarmOpsException> errors)
    {
        var blocked = new List<string>();
        foreach (var error in errors)
        {
            // A failed first boot leaves a host without an engine, which is in no swarm.
            if (Whole || error.ErrorId == nameof(TransportErrors.EngineNotInstalled))
                context.WriteVerbose(error.Message);
            else if (Force)
                context.WriteWarning($"{error.Message} The instance is terminated anyway, because -Force was specified.");
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
