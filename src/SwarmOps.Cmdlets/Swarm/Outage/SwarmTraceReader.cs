using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Outage;

/// <summary>Reads an engine's swarm state directory, when commands can be run on its host as root.</summary>
internal static class SwarmTraceReader
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Clearing = TimeSpan.FromSeconds(5);

    /// <summary>Engine errors with which the host can still be reached.</summary>
    private static readonly string[] HostAnswers = ["EngineNotRunning", "EngineAccessDenied"];

    /// <summary>Reads it; null when it cannot be read, so that its content is unknown.</summary>
    public static async Task<SwarmTrace?> ReadAsync(IOperationContext context, NodeReport report)
    {
        if (report.Failure is { } failure && !HostAnswers.Contains(failure.ErrorId))
            return null;
        var isRemote = report.Node.DockerHost?.StartsWith("ssh:", StringComparison.OrdinalIgnoreCase) is true;
        // A socket may belong to an engine on another host: only the host name can tell.
        if (!isRemote && (report.Observation is null || !report.Node.DockerHost!.StartsWith("unix:", StringComparison.OrdinalIgnoreCase)))
            return null;
        try
        {
            var command = new NodeCommand(Script(report.Observation?.Info.DockerRootDir, isRemote ? null : report.Observation!.Info.Name))
            {
                AsRoot = true,
                Timeout = Limit,
            };
            var connection = context.Connection(report.Node);
            var result = await connection.RunAsync(command, context.CancellationToken).ConfigureAwait(false);
            if (result.Succeeded && report.Observation is { HoldsSwarmState: false } && SwarmTrace.Parse(result.Output).IsHeld)
                result = await UntilClearedAsync(connection, command, context.CancellationToken).ConfigureAwait(false) ?? result;
            if (result.Succeeded)
                return SwarmTrace.Parse(result.Output);
            context.WriteVerbose($"{report.Node.Name}: whether its disk contains swarm state could not be read: {result.Error.Trim()}");
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"{report.Node.Name}: whether its disk contains swarm state could not be read: {error.Message}");
        }

        return null;
    }

    /// <summary>An engine that has just left reports that before it has cleared its directory.</summary>
    private static Task<CommandResult?> UntilClearedAsync(
        INodeConnection connection,
        NodeCommand command,
        CancellationToken cancellationToken
    ) =>
        Polling.UntilAsync(
            async () =>
                await connection.RunAsync(command, cancellationToken).ConfigureAwait(false) is { Succeeded: true } now
                && !SwarmTrace.Parse(now.Output).IsHeld
                    ? now
                    : null,
            Clearing,
            cancellationToken
        );

    /// <summary>No file with a secret is read: the certificate is public, the two state files hold addresses.</summary>
    private static string Script(string? root, string? onlyOn) =>
        $$"""
            only={{ShellCommand.Quote(onlyOn ?? "")}}
            if [ -n "$only" ] && [ "$only" != "$(uname -n)" ]; then echo 'the socket belongs to another host' >&2; exit 5; fi
            root={{ShellCommand.Quote(root ?? "")}}
            [ -n "$root" ] || root=$(sed -n 's/.*"data-root"[^"]*"\([^"]*\)".*/\1/p' /etc/docker/daemon.json 2>/dev/null)
            state="${root:-/var/lib/docker}/swarm"
            echo "path $state"
            [ -e "$state" ] || exit 0
            content=$(ls -A "$state") || exit 4
            [ -n "$content" ] || exit 0
            echo held
            if [ -e "$state/raft" ]; then echo raft; fi
            echo "remotes $(tr -d '\n' <"$state/state.json" 2>/dev/null)"
            echo "join $(grep -o '"JoinInProgress": *[a-z]*' "$state/docker-state.json" 2>/dev/null)"
            cat "$state/certificates/swarm-node.crt" 2>/dev/null
            exit 0
            """;
}
