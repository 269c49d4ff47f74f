using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Members;

/// <summary>What holds for every node that is taken out of a swarm.</summary>
internal sealed record LeaveSettings
{
    /// <summary>How long each step may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How many nodes are worked on at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;

    /// <summary>Whether an engine is restarted that keeps its gossip port after it left.</summary>
    public bool RestartEngine { get; init; }

    /// <summary>Whether the hosts are gone afterwards: then all leave at once, and nothing is made ready for another swarm.</summary>
    public bool HostsGo { get; init; }

    /// <summary>Does the same on all targets at once; a target's own error is reported and the others go on.</summary>
    /// <returns>Those that succeeded, in their order.</returns>
    public async Task<IReadOnlyList<RemovalTarget>> ForEachAsync(IOperationContext context, IReadOnlyList<RemovalTarget> targets, Func<RemovalTarget, Task> action) =>
        await NodeSet.ForEachAsync(context, [.. targets.Select(target => target.Node)], ThrottleLimit, async node =>
        {
            var target = targets.First(candidate => ReferenceEquals(candidate.Node, node));
            await action(target).ConfigureAwait(false);
            return target;
        }).ConfigureAwait(false);
}
