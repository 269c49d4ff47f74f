using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Outage;

namespace SwarmOps.Swarm.Access;

/// <summary>What came of asking one node: what it says of itself, or why it could not be asked.</summary>
/// <param name="Node">The node.</param>
/// <param name="Observation">What it says; null when it could not be asked.</param>
/// <param name="Failure">Why it could not be asked; null when it could.</param>
internal sealed record NodeReport(SwarmNode Node, NodeObservation? Observation, SwarmOpsException? Failure)
{
    /// <summary>What its disk says of a swarm; null when that was not looked at or cannot be seen.</summary>
    public SwarmTrace? Trace { get; init; }

    /// <summary>Whether it is, or was and may be again, a member of a swarm, whatever its engine says at the moment.</summary>
    public bool HoldsSwarmState => Observation?.HoldsSwarmState is true || Trace?.IsHeld is true;

    /// <summary>The id that it has in its swarm, by its engine or its certificate; null when neither tells.</summary>
    public string? OwnNodeId => Observation is { NodeId.Length: > 0 } own ? own.NodeId : Trace?.NodeId;

    /// <summary>Asks every node, all at once. Nothing is reported: what a silent node means is for the caller to say.</summary>
    public static Task<IReadOnlyList<NodeReport>> TakeAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, int throttleLimit) =>
        NodeSet.ForEachAsync(context, nodes, throttleLimit, node => TakeAsync(context, node));

    /// <summary>Asks one node.</summary>
    public static async Task<NodeReport> TakeAsync(IOperationContext context, SwarmNode node)
    {
        try
        {
            return new NodeReport(
                node,
                await NodeObservation.TakeAsync(node, context.Connection(node), context.CancellationToken).ConfigureAwait(false),
                null
            );
        }
        catch (SwarmOpsException failure)
        {
            return new NodeReport(node, null, failure);
        }
    }
}
