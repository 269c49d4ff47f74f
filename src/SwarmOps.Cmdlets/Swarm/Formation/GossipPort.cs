using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Members;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Formation;

/// <summary>
/// The gossip port, which an engine opens when it joins a swarm. An engine before 28.3 that leaves and cannot notify the other members
/// within one second keeps it open (see <see cref="LeaveOrder"/>) and receives no gossip in any later swarm: it is Ready, but no packet arrives on its overlay networks.
/// So the port must be free before an engine joins.
/// </summary>
internal static class GossipPort
{
    /// <summary>After a successful leave the port is closed within one second.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The script's output when another program uses the port.</summary>
    private const int HeldByAnother = 3;

    private static readonly string RestartScript = $"""
        ss -Hltnp 'sport = :{SwarmPorts.Gossip}' | grep -q '"dockerd"' || exit {HeldByAnother}
        systemctl restart docker
        """;

    /// <summary>Waits until the port is free. Does nothing where commands cannot be run on the host.</summary>
    /// <exception cref="SwarmOpsException"><c>GossipPortHeld</c>, the transport's errors.</exception>
    public static async Task WaitUntilFreeAsync(INodeConnection connection, CancellationToken cancellationToken)
    {
        if (!await IsFreeAsync(connection, cancellationToken).ConfigureAwait(false))
            throw SwarmErrors.GossipPortHeld(connection.Node);
    }

    /// <summary>Ensures that an engine in no swarm can join one: warns when it keeps the port open, or restarts it.</summary>
    /// <exception cref="SwarmOpsException"><c>GossipPortHeld</c>, <c>EngineRestartFailed</c>, the transport's errors.</exception>
    public static async Task SettleAsync(IOperationContext context, INodeConnection connection, bool restart, TimeSpan timeout)
    {
        var token = context.CancellationToken;
        if (await IsFreeAsync(connection, token).ConfigureAwait(false))
            return;
        var node = connection.Node;
        if (!restart)
        {
            context.WriteWarning(
                $"{SwarmPorts.Gossip}/tcp is still in use on '{node.Name}', whose engine is in no swarm. Restart the engine before it joins another swarm: systemctl restart docker, or Remove-SwarmNode -RestartEngine."
            );
            return;
        }

        if (
            !await context
                .ShouldProcessAsync(node.ToString(), $"Restart the engine, which is in no swarm but keeps {SwarmPorts.Gossip}/tcp open")
                .ConfigureAwait(false)
        )
            return;
        var result = await connection
            .RunAsync(new NodeCommand(RestartScript) { AsRoot = true, Timeout = timeout }, token)
            .ConfigureAwait(false);
        if (result.ExitCode == HeldByAnother)
            throw SwarmErrors.GossipPortHeld(node);
        if (!result.Succeeded || await AnswerAsync(connection, timeout, token).ConfigureAwait(false) is null)
            throw SwarmErrors.EngineRestartFailed(node, result);
        await WaitUntilFreeAsync(connection, token).ConfigureAwait(false);
    }

    /// <summary>Whether the port is free, or becomes free in time; true where commands cannot be run on the host.</summary>
    public static async Task<bool> IsFreeAsync(INodeConnection connection, CancellationToken cancellationToken)
    {
        if (connection.Node.DockerHost?.StartsWith("ssh:", StringComparison.OrdinalIgnoreCase) is not true)
            return true;
        var command = new NodeCommand($"ss -Hltn 'sport = :{SwarmPorts.Gossip}'");
        return await Polling
            .UntilAsync(
                async () =>
                    await connection.RunAsync(command, cancellationToken).ConfigureAwait(false) is { Output.Length: 0 } free ? free : null,
                Limit,
                cancellationToken
            )
            .ConfigureAwait(false)
            is not null;
    }

    /// <summary>Waits until the engine answers again; its old connections ended with the restart.</summary>
    private static async Task<NodeObservation?> AnswerAsync(
        INodeConnection connection,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        await connection.ResetAsync().ConfigureAwait(false);
        return await Polling
            .UntilAsync(
                async () =>
                {
                    try
                    {
                        return await NodeObservation.TakeAsync(connection.Node, connection, cancellationToken).ConfigureAwait(false);
                    }
                    catch (SwarmOpsException error)
                        when (error.Kind == ErrorKind.Connection || error.ErrorId == nameof(TransportErrors.EngineNotRunning))
                    {
                        return null;
                    }
                },
                timeout,
                cancellationToken
            )
            .ConfigureAwait(false);
    }
}
