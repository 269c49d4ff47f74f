namespace SwarmOps.Pipeline;

/// <summary>Errors of a node set as a whole.</summary>
internal static class NodeSetErrors
{
    private const string Advice = "Pass each node once, with a unique name and a unique endpoint.";

    public static SwarmOpsException DuplicateNodeName(string name, IEnumerable<SwarmNode> nodes) =>
        new(ErrorKind.InvalidArgument, $"Two nodes in the node set have the name '{name}': {Endpoints(nodes)}.", Advice, nodes.First());

    public static SwarmOpsException DuplicateEndpoint(string endpoint, IEnumerable<SwarmNode> nodes) =>
        new(
            ErrorKind.InvalidArgument,
            $"Two nodes in the node set have the endpoint '{endpoint}': {string.Join(", ", nodes.Select(node => node.Name))}.",
            Advice,
            nodes.First()
        );

    public static SwarmOpsException NodeFailedUnexpectedly(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.InvalidData,
            $"The work on '{node.Name}' ended in an unexpected error ({cause.GetType().Name}: {cause.Message.TrimEnd('.')}). Whether anything was changed on this node is not known; the other nodes are not affected.",
            "Check the node with Get-SwarmNode, then run the same command again with -Verbose. The cause is a bug in SwarmOps or an invalid answer of the engine: report it with $Error[0].Exception.InnerException.",
            node,
            cause
        );

    private static string Endpoints(IEnumerable<SwarmNode> nodes) =>
        string.Join(", ", nodes.Select(node => node.DockerHost ?? "no endpoint"));
}
