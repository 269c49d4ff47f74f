using System.Globalization;

namespace SwarmOps.Swarm;

/// <summary>What can go wrong when managers are made and unmade, and members changed and removed (docs/errors/swarm-managers.md).</summary>
internal static class ManagerErrors
{
    public static SwarmOpsException ManagerDoesNotAnswer(SwarmNode manager, TimeSpan limit) => new(
        "ManagerDoesNotAnswer",
        ErrorKind.Connection,
        $"The manager '{manager.Name}' did not answer within {Seconds(limit)}.",
        "It may have lost its leader: look with Get-Swarm, then run the same command again.",
        manager);

    public static SwarmOpsException ManagerCountInvalid(int count) => new(
        "ManagerCountInvalid",
        ErrorKind.InvalidArgument,
        $"A swarm cannot have {count} managers.",
        "Give an odd number with -ManagerCount: 3 tolerates the loss of one manager, 5 of two.",
        count);

    public static SwarmOpsException EvenManagerCount(int count) => new(
        "EvenManagerCount",
        ErrorKind.InvalidArgument,
        $"{count} managers tolerate {new ManagerTally(count, count).ToleratedFailures} failures, no more than {count - 1} do, and one more of them can fail.",
        $"Give an odd number of managers, such as {count + 1}. If it must be {count}, add -Force.",
        count);

    public static SwarmOpsException FewerManagersThanPresent(int asked, int present) => new(
        "FewerManagersThanPresent",
        ErrorKind.InvalidArgument,
        $"The swarm has {present} managers; a promotion cannot make them {asked}.",
        $"Take managers away with Step-SwarmDemotion: $nodes | Step-SwarmDemotion -ManagerCount {asked}.",
        asked);

    public static SwarmOpsException TooFewUsableNodes(int asked, int present, int usable, IReadOnlyList<string> reasons) => new(
        "TooFewUsableNodes",
        ErrorKind.InvalidState,
        $"{asked} managers were asked for, but there are {present} and {usable} nodes of the set can become one{Because(reasons)}.",
        "Give more nodes, mend the ones that are named, or ask for fewer managers with -ManagerCount.",
        asked);

    public static SwarmOpsException NodeNotInSwarm(SwarmNode node, string swarmId) => new(
        "NodeNotInSwarm",
        ErrorKind.NotFound,
        $"'{node.Name}' is not a member of swarm {swarmId}.",
        $"Let it join first: $nodes | Join-SwarmAsWorker (node '{node.Name}').",
        node);

    public static SwarmOpsException ManagerAddressUnreachable(SwarmNode node, string address, SwarmNode leader, string detail) => new(
        "ManagerAddressUnreachable",
        ErrorKind.Connection,
        $"'{node.Name}' cannot become a manager: from the leader ({leader}), {PromotionDiagnosis.EndpointOf(address)} cannot be reached: {detail}. Nothing was changed on it.",
        $"Let {SwarmPorts.Control}/tcp in at '{node.Name}' from every manager. If the address is wrong, take the node out and let it join with the right one: "
            + "$node | Remove-SwarmNode, then New-SwarmNode -PublicAddress ... | Join-SwarmAsWorker.",
        node);

    public static SwarmOpsException PromotionFailed(SwarmNode node, TimeSpan timeout, string why, bool isBack) => new(
        "PromotionFailed",
        ErrorKind.Timeout,
        $"'{node.Name}' did not become a reachable manager within {Seconds(timeout)}: {why}. "
            + (isBack ? "It is a worker again." : $"It was told to be a worker again, but that was not confirmed within {Seconds(timeout)}."),
        $"Let {SwarmPorts.Control}/tcp in at the node's advertise address from every manager (Test-SwarmNode shows every pair), then run the same command again. "
            + "If the address is wrong: $node | Remove-SwarmNode, and join with the right one.",
        node);

    public static SwarmOpsException ChangeInProgress(string name, string change, TimeSpan timeout, SwarmNode? node) => new(
        "ManagerChangeInProgress",
        ErrorKind.Timeout,
        $"The {change} of {name} is under way and did not end within {Seconds(timeout)}. Two changes of managers at once can strand one of them.",
        "Give the node in -Node too, so that it can be asked and the change taken back; or wait, and run the same command again.",
        node ?? (object)name);

    public static SwarmOpsException ManagerUnreachable(SwarmNode node, string? address) => new(
        "ManagerUnreachable",
        ErrorKind.Connection,
        $"The leader cannot reach the manager '{node.Name}' at {address ?? "its address"}.",
        $"Start it, or let {SwarmPorts.Control}/tcp in; it then heals by itself. If it is gone for good: $node | Remove-SwarmNode -Force -Manager $others (node '{node.Name}').",
        node);

    public static SwarmOpsException ManagerCountNotReached(string swarmId, int wanted, int reached, IReadOnlyList<string> reasons) => new(
        "ManagerCountNotReached",
        ErrorKind.InvalidState,
        $"The swarm has {reached} manager{(reached == 1 ? "" : "s")} instead of {wanted}{Because(reasons)}.",
        "Mend what the errors before this one name, then run the same command again.",
        swarmId);

    private static string Because(IReadOnlyList<string> reasons) => reasons.Count == 0 ? "" : $" ({string.Join("; ", reasons)})";

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s");
}
