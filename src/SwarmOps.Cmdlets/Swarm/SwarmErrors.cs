namespace SwarmOps.Swarm;

/// <summary>What can be wrong with a swarm or a node's place in it, each with its id and the next step (docs/errors.md).</summary>
internal static class SwarmErrors
{
    public static SwarmOpsException NoManagerInSet(IReadOnlyList<SwarmNode> nodes) => new(
        "NoManagerInSet",
        ErrorKind.NotFound,
        $"None of the nodes is a manager of a swarm that can be asked: {Names(nodes)}.",
        "Give at least one manager in -Node (or -Manager), or make the swarm first: ... | Initialize-Swarm.",
        nodes);

    public static SwarmOpsException NodesInDifferentSwarms(IReadOnlyList<(string SwarmId, SwarmNode Node)> swarms) => new(
        "NodesInDifferentSwarms",
        ErrorKind.InvalidState,
        $"The nodes are in different swarms: {string.Join("; ", swarms.Select(swarm => $"'{swarm.Node.Name}' in {swarm.SwarmId}"))}.",
        "Give the nodes of one swarm. A node that is in the wrong one must leave it first: $node | Remove-SwarmNode.",
        swarms[^1].Node);

    public static SwarmOpsException SwarmHasNoLeader(IReadOnlyList<SwarmNode> managers, Exception cause) => new(
        "SwarmHasNoLeader",
        ErrorKind.InvalidState,
        $"The swarm has no leader: more than half of its managers must reach each other on port 2377/tcp. Asked: {Names(managers)}.",
        "Start the managers that are down and open 2377/tcp between them (Test-SwarmNode shows which pair fails); the swarm then heals by itself.",
        managers.Count > 0 ? managers[0] : null,
        cause);

    private static string Names(IReadOnlyList<SwarmNode> nodes) => string.Join(", ", nodes.Select(node => node.Name));
}
