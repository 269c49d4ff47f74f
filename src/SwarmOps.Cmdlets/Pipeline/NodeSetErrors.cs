namespace SwarmOps.Pipeline;

/// <summary>What can be wrong with a node set as such.</summary>
internal static class NodeSetErrors
{
    private const string Advice = "Give each node once, with a name and an endpoint of its own.";

    public static SwarmOpsException DuplicateNodeName(string name, IEnumerable<SwarmNode> nodes) => new(
        "DuplicateNodeName", ErrorKind.InvalidArgument, $"Two nodes of the set have the name '{name}': {Endpoints(nodes)}.", Advice, nodes.First());

    public static SwarmOpsException DuplicateEndpoint(string endpoint, IEnumerable<SwarmNode> nodes) => new(
        "DuplicateEndpoint", ErrorKind.InvalidArgument, $"Two nodes of the set have the endpoint '{endpoint}': {string.Join(", ", nodes.Select(node => node.Name))}.", Advice, nodes.First());

    public static SwarmOpsException NodeFailedUnexpectedly(SwarmNode node, Exception cause) => new(
        "NodeFailedUnexpectedly",
        ErrorKind.InvalidData,
        $"The work on '{node.Name}' ended in an error that is not foreseen ({cause.GetType().Name}: {cause.Message.TrimEnd('.')}). Whether something was changed on it is not known; the other nodes are not affected.",
        "Look at what the node reports with Get-SwarmNode, and run the same command again with -Verbose. This is a defect of SwarmOps or an answer that no engine gives: report it with $Error[0].Exception.InnerException.",
        node,
        cause);

    private static string Endpoints(IEnumerable<SwarmNode> nodes) => string.Join(", ", nodes.Select(node => node.DockerHost ?? "no endpoint"));
}
