using SwarmOps.Completion;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Members;

/// <summary>How Tab asks a swarm: whichever manager answers first.</summary>
internal static class PromptManager
{
    /// <summary>A manager's answer, from memory or asked now; null when none came in time. A worker must refuse the question.</summary>
    /// <param name="atHand">The nodes that can be asked.</param>
    /// <param name="what">What is asked, in a word of its own.</param>
    /// <param name="ask">Asks.</param>
    public static T? Recall<T>(NodesAtHand atHand, string what, Func<INodeConnection, CancellationToken, Task<T>> ask)
        where T : class => atHand.Recall(what, token => atHand.AskOneAsync(atHand.Nodes.OrderBy(Rank), ask, token));

    /// <summary>The likeliest first: a role may be from earlier, or not be known.</summary>
    private static int Rank(SwarmNode node) =>
        node switch
        {
            { IsLeader: true } => 0,
            { Role: SwarmNodeRole.Manager } => 1,
            { Role: null } => 2,
            _ => 3,
        };
}
