using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Outage;

/// <summary>Keeps a copy of a node's swarm state on the node before a forced leave, which deletes the state.</summary>
internal static class SwarmStateCopy
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Makes the copy, when commands can be run on the host; a failure throws before anything is lost.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public static async Task MakeAsync(IOperationContext context, NodeReport report)
    {
        if (report.Trace is not { IsHeld: true } trace)
            return;
        var copy = $"{trace.Path}.left-{DateTime.UtcNow:yyyyMMdd'T'HHmmss'Z'}";
        var command = new NodeCommand($"cp -a {ShellCommand.Quote(trace.Path)} {ShellCommand.Quote(copy)}")
        {
            AsRoot = true,
            Timeout = Limit,
        };
        _ = await context
            .Connection(report.Node)
            .RunCheckedAsync("copying its swarm state before leaving the swarm", command, context.CancellationToken)
            .ConfigureAwait(false);
        context.WriteWarning(
            $"The swarm state of '{report.Node.Name}' was copied to {copy} on the node before it left. The copy contains the node's private key: delete it when it is no longer needed."
        );
    }
}
