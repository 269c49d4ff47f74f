using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Members;

/// <summary>Settings for every node that is removed from a swarm.</summary>
internal sealed record LeaveSettings : ThrottledRequest
{
    /// <summary>How long each step may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Whether to restart an engine that keeps its gossip port open after it left.</summary>
    public bool RestartEngine { get; init; }

    /// <summary>Whether the hosts are terminated afterwards: then all leave at once, and none is prepared for another swarm.</summary>
    public bool HostsGo { get; init; }

    /// <summary>Runs an action on all targets in parallel; a target's error is written, and work on the others continues.</summary>
    /// <returns>The targets that succeeded, in order.</returns>
    public async Task<IReadOnlyList<RemovalTarget>> ForEachAsync(
        IOperationContext context,
        IReadOnlyList<RemovalTarget> targets,
        Func<RemovalTarget, Task> action
    ) =>
        await NodeSet
            .ForEachAsync(
                context,
                [.. targets.Select(target => target.Node)],
                ThrottleLimit,
                async node =>
                {
                    var target = targets.First(candidate => ReferenceEquals(candidate.Node, node));
                    await action(target).ConfigureAwait(false);
                    return target;
                }
            )
            .ConfigureAwait(false);
}
