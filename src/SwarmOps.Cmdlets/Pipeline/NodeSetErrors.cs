namespace SwarmOps.Pipeline;

/// <summary>What can be wrong with a node set as such.</summary>
internal static class NodeSetErrors
{
    private const string Advice = "Give each node once, with a name and an endpoint of its own.";

    public static SwarmOpsException DuplicateNodeName(string name, IEnumerable<SwarmNode> nodes) => new(
        "DuplicateNodeName", ErrorKind.InvalidArgument, $"Two nodes of the set have the name '{name}': {Endpoints(nodes)}.", Advice, nodes.First());

    public static SwarmOpsException DuplicateEndpoint(string endpoint, IEnumerable<SwarmNode> nodes) => new(
        "DuplicateEndpoint", ErrorKind.InvalidArgument, $"Two nodes of the set have the endpoint '{endpoint}': {string.Join(", ", nodes.Select(node => node.Name))}.", Advice, nodes.First());

    private static string Endpoints(IEnumerable<SwarmNode> nodes) => string.Join(", ", nodes.Select(node => node.DockerHost ?? "no endpoint"));
}
