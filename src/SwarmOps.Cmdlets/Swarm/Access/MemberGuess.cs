using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Access;

/// <summary>
/// Asks the node that was the leader, or a manager, when it was described for the members of its swarm while every node is asked for its state: one round trip instead of two.
/// The description only decides whom to ask first: the answer is used when the node's own engine, asked at the same time, reports that it is a manager.
/// </summary>
/// <param name="node">The node that is asked.</param>
/// <param name="answering">The swarm as it sees it; null when it could not tell.</param>
internal sealed class MemberGuess(SwarmNode node, Task<SwarmView?> answering)
{
    /// <summary>Asks, when a node was described as a manager.</summary>
    public static MemberGuess? Begin(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        (nodes.FirstOrDefault(node => node.IsLeader) ?? nodes.FirstOrDefault(node => node.Role == SwarmNodeRole.Manager)) is { } likely
            ? new MemberGuess(likely, CallChain.BesideAsync(() => AskAsync(context, likely)))
            : null;

    /// <summary>The swarm as the node sees it; null when it is not one of these managers, or could not tell.</summary>
    /// <param name="managers">The managers of the set, by their own engines.</param>
    public async Task<SwarmView?> ViewAsync(IReadOnlyList<NodeObservation> managers)
    {
        if (managers.FirstOrDefault(manager => ReferenceEquals(manager.Node, node)) is not { } manager)
            return null;
        return await answering.ConfigureAwait(false) is { } view
            ? view with
            {
                Manager = manager.Connection,
                SwarmId = manager.SwarmId ?? "",
            }
            : null;
    }

    private static async Task<SwarmView?> AskAsync(IOperationContext context, SwarmNode node)
    {
        try
        {
            return await SwarmView.ReadAsync(context.Connection(node), "", context.CancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException)
        {
            // Whoever needs the answer asks again, and reports the error.
            return null;
        }
    }
}
