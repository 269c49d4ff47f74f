namespace SwarmOps.Services.Edge;

/// <summary>The errors of edge services, each with its id and the next step (docs/errors/services.md).</summary>
internal static class EdgeErrors
{
    public static SwarmOpsException EdgeIngressRefused(string name, string port) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' cannot publish {port} on the routing mesh: the mesh forwards a connection to any task of the swarm, even on another continent, and hides the client's address.",
            $"Publish it on the hosts instead: -PublishHost {port}.",
            name
        );

    public static SwarmOpsException EdgePortMissing(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' publishes no port, so no client could reach it.",
            "Specify -PublishHost, for example -PublishHost 80, 443. For a service that clients do not connect to, use New-SwarmService.",
            name
        );

    public static SwarmOpsException EdgeReplicasRefused(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' runs one task on every node, or with -OnePerRegion one in every region; -Replicas does not apply.",
            "Omit -Replicas.",
            name
        );

    public static SwarmOpsException EdgeStartFirstRefused(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' publishes host ports: a new task cannot start while the old one holds them.",
            "Omit -UpdateOrder and -RollbackOrder, or use StopFirst.",
            name
        );

    public static SwarmOpsException EdgeNodeWithoutRegion(string name, IReadOnlyList<string> nodes) =>
        new(
            ErrorKind.InvalidState,
            $"These nodes have no region and would run no task of '{name}': {string.Join(", ", nodes)}.",
            "Set their region ($node | Set-SwarmNode -Region <region>), or select the regions to serve with -Region.",
            name
        );

    public static SwarmOpsException EdgeRegionUnknown(string region, IReadOnlyList<string> known) =>
        new(
            ErrorKind.NotFound,
            $"No node of the swarm has the region '{region}'. Regions of this swarm: {(known.Count == 0 ? "none" : string.Join(", ", known))}.",
            "Specify an existing region, or label the region's nodes with Set-SwarmNode -Region.",
            region
        );

    public static SwarmOpsException EdgeRegionTwice(string region) =>
        new(
            ErrorKind.InvalidArgument,
            $"The region '{region}' is specified more than once.",
            "Specify each region once, in the order in which the regions are to be updated.",
            region
        );

    public static SwarmOpsException EdgeUpdateStopped(string name, string failed) =>
        new(
            ErrorKind.InvalidState,
            $"'{name}' was not updated: '{failed}', another region of the same edge service, failed.",
            $"Fix '{failed}' first (its error says how), then run the same command again.",
            name
        );
}
