namespace SwarmOps.Pipeline;

/// <summary>Checks that apply to every node set, and how work is spread over it.</summary>
internal static class NodeSet
{
    /// <summary>Rejects a node set in which two nodes cannot be distinguished.</summary>
    /// <exception cref="SwarmOpsException"><c>DuplicateNodeName</c>, <c>DuplicateEndpoint</c>.</exception>
    public static void Check(IReadOnlyList<SwarmNode> nodes)
    {
        RefuseDuplicates(nodes, node => node.Name, NodeSetErrors.DuplicateNodeName);
        RefuseDuplicates(nodes, node => node.DockerHost, NodeSetErrors.DuplicateEndpoint);
    }

    /// <summary>The union of a node set and further nodes, each machine once: a node in both is taken from the set.</summary>
    public static IReadOnlyList<SwarmNode> Union(IReadOnlyList<SwarmNode> nodes, IReadOnlyList<SwarmNode> further) =>
        [.. nodes, .. further.Where(other => !nodes.Any(node => IsSame(node, other)))];

    /// <summary>
    /// Runs an action on all nodes, at most <paramref name="throttleLimit"/> at a time. A node's error is written, and work on the others continues.
    /// </summary>
    /// <returns>The results of the nodes that succeeded, in the order of the set.</returns>
    public static async Task<IReadOnlyList<TResult>> ForEachAsync<TResult>(
        IOperationContext context,
        IReadOnlyList<SwarmNode> nodes,
        int throttleLimit,
        Func<SwarmNode, Task<TResult>> action
    )
    {
        var results = await Throttle
            .ForEachAsync(
                nodes,
                throttleLimit,
                async node =>
                {
                    try
                    {
                        return (Succeeded: true, Value: await action(node).ConfigureAwait(false));
                    }
                    catch (SwarmOpsException error)
                    {
                        context.WriteError(error);
                        return (Succeeded: false, Value: default(TResult)!);
                    }
                    catch (Exception exception) when (exception is not (OperationCanceledException or LockTakenException))
                    {
                        // Whatever it is, it concerns this node only: work on the others continues.
                        context.WriteError(NodeSetErrors.NodeFailedUnexpectedly(node, exception));
                        return (Succeeded: false, Value: default(TResult)!);
                    }
                },
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return [.. results.Where(result => result.Succeeded).Select(result => result.Value)];
    }

    private static bool IsSame(SwarmNode node, SwarmNode other) =>
        node.DockerHost is null || other.DockerHost is null
            ? string.Equals(node.Name, other.Name, StringComparison.OrdinalIgnoreCase)
            : string.Equals(node.DockerHost, other.DockerHost, StringComparison.OrdinalIgnoreCase);

    private static void RefuseDuplicates(
        IReadOnlyList<SwarmNode> nodes,
        Func<SwarmNode, string?> key,
        Func<string, IEnumerable<SwarmNode>, SwarmOpsException> error
    )
    {
        var twice = nodes
            .Where(node => key(node) is not null)
            .GroupBy(node => key(node)!, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw error(twice.Key, twice);
    }
}
