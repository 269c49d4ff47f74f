using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Nodes.Preflight;

/// <summary>Reads the facts of a node's engine and host; failures are facts too.</summary>
internal static class NodeFactsReader
{
    /// <summary>Queries the engine, then the host: over the connection that is then open, so that the clock is read without delay.</summary>
    public static async Task<NodeFacts> ReadAsync(IOperationContext context, SwarmNode node)
    {
        var facts = new NodeFacts(node);
        INodeConnection connection;
        try
        {
            connection = context.Connection(node);
        }
        catch (SwarmOpsException error)
        {
            return facts with { EngineError = error, HostError = error };
        }

        facts = await AskEngineAsync(facts, connection, context.CancellationToken).ConfigureAwait(false);
        return IsAway(facts.EngineError)
            ? facts with
            {
                HostError = facts.EngineError,
            }
            : await AskHostAsync(facts, connection, context.CancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the host only: what came of asking the engine is known already.</summary>
    /// <param name="context">The stage that works.</param>
    /// <param name="node">The node.</param>
    /// <param name="info">What its engine says; null when it could not be asked.</param>
    /// <param name="engineError">Why it could not be asked.</param>
    public static async Task<NodeFacts> ReadHostAsync(
        IOperationContext context,
        SwarmNode node,
        SystemInfoResponse? info,
        SwarmOpsException? engineError
    )
    {
        var facts = new NodeFacts(node) { Info = info, EngineError = engineError };
        return IsAway(engineError)
            ? facts with
            {
                HostError = engineError,
            }
            : await AskHostAsync(facts, context.Connection(node), context.CancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether an error means that the host cannot be reached either.</summary>
    private static bool IsAway(SwarmOpsException? error) =>
        error?.Kind is ErrorKind.Connection or ErrorKind.Authentication or ErrorKind.Security;

    private static async Task<NodeFacts> AskEngineAsync(NodeFacts facts, INodeConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var observation = await NodeObservation.TakeAsync(facts.Node, connection, cancellationToken).ConfigureAwait(false);
            return facts with { Info = observation.Info };
        }
        catch (SwarmOpsException error)
        {
            return facts with { EngineError = error };
        }
    }

    private static async Task<NodeFacts> AskHostAsync(NodeFacts facts, INodeConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var before = DateTime.UtcNow;
            var answer = await connection
                .RunCheckedAsync("reading the host's facts", new NodeCommand(HostFacts.Script), cancellationToken)
                .ConfigureAwait(false);
            var after = DateTime.UtcNow;
            var host = HostFacts.Parse(answer);
            return facts with { Host = host, Clock = host.Clock is { } clock ? ClockReading.Between(before, clock, after) : null };
        }
        catch (SwarmOpsException error)
        {
            return facts with { HostError = error };
        }
    }
}
