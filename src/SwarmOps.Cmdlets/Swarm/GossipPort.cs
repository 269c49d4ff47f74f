using SwarmOps.Transport;

namespace SwarmOps.Swarm;

/// <summary>
/// The port of the overlay networks' gossip, which an engine opens when it enters a swarm. An engine of 20.10 that leaves while its gossip starts may hold
/// it for ever and be deaf in every later swarm: Ready, and without a single packet on its overlays. So nobody may hold it before an engine enters one.
/// </summary>
internal static class GossipPort
{
    /// <summary>A leave that went well closes the port within a second.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Waits until the port is free. Where no command can be run on the host nothing is known of it, and nothing is said.</summary>
    /// <exception cref="SwarmOpsException"><c>GossipPortHeld</c>, the transport's errors.</exception>
    public static async Task WaitUntilFreeAsync(INodeConnection connection, CancellationToken cancellationToken)
    {
        if (!await IsFreeInTimeAsync(connection, cancellationToken).ConfigureAwait(false))
            throw SwarmErrors.GossipPortHeld(connection.Node);
    }

    /// <summary>Whether the port comes free within the time that a leave takes.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<bool> IsFreeInTimeAsync(INodeConnection connection, CancellationToken cancellationToken)
    {
        if (connection.Node.DockerHost?.StartsWith("ssh:", StringComparison.OrdinalIgnoreCase) is not true)
            return true;
        var command = new NodeCommand($"ss -Hltn 'sport = :{SwarmPorts.Gossip}'");
        return await Polling.UntilAsync(
            async () => await connection.RunAsync(command, cancellationToken).ConfigureAwait(false) is { Output.Length: 0 } free ? free : null,
            Limit,
            cancellationToken).ConfigureAwait(false) is not null;
    }
}
