namespace SwarmOps.Services.Edge;

/// <summary>What can be wrong with edge services, each with its id and the next step (docs/errors/services.md).</summary>
internal static class EdgeErrors
{
    public static SwarmOpsException EdgeIngressRefused(string name, string port) => new(
        "EdgeIngressRefused",
        ErrorKind.InvalidArgument,
        $"'{name}' is to serve readers close to them, and the routing mesh does not: it hands a connection to any task of the swarm, on another continent too, and hides the reader's address. {port} cannot be published there.",
        $"Publish it on the hosts: -PublishHost {port}.",
        name);

    public static SwarmOpsException EdgePortMissing(string name) => new(
        "EdgePortMissing",
        ErrorKind.InvalidArgument,
        $"'{name}' publishes no port: nobody could reach it.",
        "Give -PublishHost, such as 80, 443; for a service without readers use New-SwarmService.",
        name);

    public static SwarmOpsException EdgeReplicasRefused(string name) => new(
        "EdgeReplicasRefused",
        ErrorKind.InvalidArgument,
        $"'{name}' has one task on every node, or with -OnePerRegion one in every region: their number cannot be chosen.",
        "Leave -Replicas away.",
        name);

    public static SwarmOpsException EdgeStartFirstRefused(string name) => new(
        "EdgeStartFirstRefused",
        ErrorKind.InvalidArgument,
        $"'{name}' holds ports of its hosts: a new task cannot start while the old one has them.",
        "Leave -UpdateOrder and -RollbackOrder away, or use StopFirst.",
        name);

    public static SwarmOpsException EdgeNodeWithoutRegion(string name, IReadOnlyList<string> nodes) => new(
        "EdgeNodeWithoutRegion",
        ErrorKind.InvalidState,
        $"Nodes without a region would get no task of '{name}': {string.Join(", ", nodes)}.",
        "Give them one ($node | Set-SwarmNode -Region <region>), or name the regions with -Region.",
        name);

    public static SwarmOpsException EdgeRegionUnknown(string region, IReadOnlyList<string> known) => new(
        "EdgeRegionUnknown",
        ErrorKind.NotFound,
        $"No node of the swarm has the region '{region}'; there are: {(known.Count == 0 ? "none" : string.Join(", ", known))}.",
        "Give a region that there is, or label its nodes: Set-SwarmNode -Region.",
        region);

    public static SwarmOpsException EdgeRegionTwice(string region) => new(
        "EdgeRegionTwice",
        ErrorKind.InvalidArgument,
        $"The region '{region}' is given twice.",
        "Give each once, in the order in which they are to be updated.",
        region);
}
