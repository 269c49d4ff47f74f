using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Keys;

/// <summary>
/// Whether each manager's own key file is locked. A manager of a swarm with autolock locks it when it hears of the unlock key (swarmkit, manager.go, updateKEK), some moments after it takes
/// part: an engine that is restarted before comes up unlocked, and the key of the raft log is on its disk. No API tells it.
/// </summary>
internal static class KeyLocks
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Waits until those whose files can be read are locked.</summary>
    /// <param name="context">The cmdlet's context.</param>
    /// <param name="managers">The managers.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="throttleLimit">How many are asked at the same time.</param>
    /// <returns>Those that are not; a file that cannot be read counts as locked, and is a verbose line.</returns>
    public static async Task<IReadOnlyList<SwarmNode>> WaitAsync(
        IOperationContext context,
        IReadOnlyList<NodeObservation> managers,
        TimeSpan timeout,
        int throttleLimit
    )
    {
        var open = managers.ToList();
        await Polling
            .UntilAsync(
                async () =>
                {
                    var locked = await Throttle
                        .ForEachAsync(open, throttleLimit, manager => IsLockedAsync(context, manager), context.CancellationToken)
                        .ConfigureAwait(false);
                    open = [.. open.Where((_, index) => !locked[index])];
                    return open.Count == 0 ? open : null;
                },
                timeout,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return [.. open.Select(manager => manager.Node)];
    }

    private static async Task<bool> IsLockedAsync(IOperationContext context, NodeObservation manager)
    {
        // Only the first line is read: the key itself stays where it is.
        var root = manager.Info.DockerRootDir is { Length: > 0 } given ? given : "/var/lib/docker";
        var script = $"head -n 1 {ShellCommand.Quote($"{root}/swarm/certificates/swarm-node.key")}";
        try
        {
            var result = await manager
                .Connection.RunAsync(new NodeCommand(script) { AsRoot = true, Timeout = Limit }, context.CancellationToken)
                .ConfigureAwait(false);
            if (result.Succeeded && result.Output.Contains("PRIVATE KEY", StringComparison.Ordinal))
                return result.Output.Contains("ENCRYPTED", StringComparison.Ordinal);
            context.WriteVerbose($"{manager.Node.Name}: whether its key is locked could not be read: {result.Error.Trim()}");
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"{manager.Node.Name}: whether its key is locked could not be read: {error.Message}");
        }

        return true;
    }
}
