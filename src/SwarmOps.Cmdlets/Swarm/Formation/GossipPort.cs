using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Members;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Formation;

/// <summary>
/// The port of the overlay networks' gossip, which an engine opens when it enters a swarm. An engine before 28.3 that leaves and cannot tell the others
/// within a second holds it for ever (see <see cref="LeaveOrder"/>) and is deaf in every later swarm: Ready, and without a single packet on its overlays.
/// So nobody may hold it before an engine enters one.
/// </summary>
internal static class GossipPort
{
    /// <summary>A leave that went well closes the port within a second.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>What the script says of another program than the engine.</summary>
    private const int HeldByAnother = 3;

    private static readonly string RestartScript = $"""
        ss -Hltnp 'sport = :{SwarmPorts.Gossip}' | grep -q '"dockerd"' || exit {HeldByAnother}
        systemctl restart docker
        """;

    /// <summary>Waits until the port is free. Where no command can be run on the host nothing is known of it, and nothing is said.</summary>
    /// <exception cref="SwarmOpsException"><c>GossipPortHeld</c>, the transport's errors.</exception>
    public static async Task WaitUntilFreeAsync(INodeConnection connection, CancellationToken cancellationToken)
    {
        if (!await IsFreeInTimeAsync(connection, cancellationToken).ConfigureAwait(false))
            throw SwarmErrors.GossipPortHeld(connection.Node);
    }

    /// <summary>Sees to it that an engine that is in no swarm can enter one: warns where it holds the port, or restarts it.</summary>
    /// <exception cref="SwarmOpsException"><c>GossipPortHeld</c>, <c>EngineRestartFailed</c>, the transport's errors.</exception>
    public static async Task SettleAsync(IOperationContext context, INodeConnection connection, bool restart, TimeSpan timeout)
    {
        var token = context.CancellationToken;
        if (await IsFreeInTimeAsync(connection, token).ConfigureAwait(false))
            return;
        var node = connection.Node;
        if (!restart)
        {
            context.WriteWarning($"{SwarmPorts.Gossip}/tcp is still in use on '{node.Name}', whose engine is in no swarm. Restart the engine before it joins another swarm: systemctl restart docker, or Remove-SwarmNode -RestartEngine.");
            return;
        }

        if (!await context.ShouldProcessAsync(node.ToString(), $"Restart the engine, which is in no swarm but keeps {SwarmPorts.Gossip}/tcp open").ConfigureAwait(false))
            return;
        var result = await connection.RunAsync(new NodeCommand(RestartScript) { AsRoot = true, Timeout = timeout }, token).ConfigureAwait(false);
        if (result.ExitCode == HeldByAnother)
            throw SwarmErrors.GossipPortHeld(node);
        if (!result.Succeeded || await AnswerAsync(connection, timeout, token).ConfigureAwait(false) is null)
            throw SwarmErrors.EngineRestartFailed(node, result);
        await WaitUntilFreeAsync(connection, token).ConfigureAwait(false);
    }

    private static async Task<bool> IsFreeInTimeAsync(INodeConnection connection, CancellationToken cancellationToken)
    {
        if (connection.Node.DockerHost?.StartsWith("ssh:", StringComparison.OrdinalIgnoreCase) is not true)
            return true;
        var command = new NodeCommand($"ss -Hltn 'sport = :{SwarmPorts.Gossip}'");
        return await Polling.UntilAsync(
            async () => await connection.RunAsync(command, cancellationToken).ConfigureAwait(false) is { Output.Length: 0 } free ? free : null,
            Limit,
            cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>Waits until the engine answers again; what it was asked through ended with it.</summary>
    private static async Task<NodeObservation?> AnswerAsync(INodeConnection connection, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await connection.ResetAsync().ConfigureAwait(false);
        return await Polling.UntilAsync(
            async () =>
            {
                try
                {
                    return await NodeObservation.TakeAsync(connection.Node, connection, cancellationToken).ConfigureAwait(false);
                }
                catch (SwarmOpsException error) when (error.Kind == ErrorKind.Connection || error.ErrorId == nameof(TransportErrors.EngineNotRunning))
                {
                    return null;
                }
            },
            timeout,
            cancellationToken).ConfigureAwait(false);
    }
}
