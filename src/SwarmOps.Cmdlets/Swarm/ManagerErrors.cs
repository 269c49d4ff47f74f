using System.Globalization;
using SwarmOps.Nodes.Reachability;

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
        $"{count} managers tolerate the loss of {new ManagerTally(count, count).ToleratedFailures}, no more than {count - 1} would, and there is one more that can fail.",
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
        $"{asked} managers were asked for, but the swarm has {present}, and of the set {usable} more can become one{Because(reasons)}.",
        "Give more nodes, fix the ones that are named, or ask for fewer managers with -ManagerCount.",
        asked);

    public static SwarmOpsException NodeNotInSwarm(SwarmNode node, string swarmId) => new(
        "NodeNotInSwarm",
        ErrorKind.NotFound,
        $"'{node.Name}' is not a member of swarm {swarmId}.",
        $"Let it join first: $nodes | Join-SwarmAsWorker (node '{node.Name}').",
        node);

    public static SwarmOpsException ManagerAddressUnreachable(SwarmNode node, ProbeResult tried) => new(
        "ManagerAddressUnreachable",
        ErrorKind.Connection,
        $"'{node.Name}' cannot become a manager: from the leader ({tried.Target.From}), {PromotionDiagnosis.EndpointOf(tried.Target.Address)} cannot be reached: {tried.Detail}. "
            + "Nothing was changed on it.",
        $"Let {SwarmPorts.Control}/tcp in at '{node.Name}' from every manager. If the address is wrong, take the node out and let it join with the right one: "
            + "$node | Remove-SwarmNode, then New-SwarmNode -PublicAddress ... | Join-SwarmAsWorker.",
        node);

    public static SwarmOpsException PromotionFailed(SwarmNode node, TimeSpan timeout, string why, bool isBack, SwarmOpsException? rollback) => new(
        "PromotionFailed",
        ErrorKind.Timeout,
        $"'{node.Name}' did not become a reachable manager within {Seconds(timeout)}: {why}. "
            + (isBack ? "It is a worker again." : $"It could not be made a worker again: {rollback?.Message ?? "that was not confirmed in time"}"),
        $"Let {SwarmPorts.Control}/tcp in at the node's advertise address from every manager (Test-SwarmNode shows every pair), then run the same command again. "
            + "If the address is wrong: $node | Remove-SwarmNode, and join with the right one.",
        node,
        rollback);

    public static SwarmOpsException ChangeInProgress(string name, string change, TimeSpan timeout, SwarmNode? node) => new(
        "ManagerChangeInProgress",
        ErrorKind.Timeout,
        $"The {change} of {name} is under way and did not end within {Seconds(timeout)}. Two changes of managers at once can strand one of them.",
        "Give the node in -Node too, so that it can be asked and the change taken back; or wait, and run the same command again. If its machine is lost, remove its entry on a manager: docker node rm --force NODE.",
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
        "Fix what the errors before this one name, then run the same command again.",
        swarmId);

    public static SwarmOpsException LastManager(SwarmNode node, ManagerTally tally) => new(
        "LastManager",
        ErrorKind.InvalidState,
        $"{tally}: '{node.Name}' is the last manager, and a swarm without one is lost.",
        "Promote another node first (Step-SwarmPromotion). To dissolve the swarm, remove all of its nodes: $nodes | Remove-SwarmNode -Force.",
        node);

    public static SwarmOpsException QuorumWouldBeLost(SwarmNode node, ManagerTally before, ManagerTally after) => new(
        "QuorumWouldBeLost",
        ErrorKind.InvalidState,
        $"{before}: demoting '{node.Name}' leaves {after}. The swarm would stop.",
        "Bring the managers that cannot be reached back first, or demote those; Get-Swarm names them.",
        node);

    public static SwarmOpsException LeaderOfTwoManagers(SwarmNode node, ManagerTally tally) => new(
        "LeaderOfTwoManagers",
        ErrorKind.InvalidState,
        $"{tally}: '{node.Name}' is the leader of the last two. Demoting the leader from two managers to one can leave the swarm without any (moby/moby issue 34384).",
        "Demote the other manager, or promote a third one first (Step-SwarmPromotion).",
        node);

    public static SwarmOpsException EvenManagersLeft(ManagerTally before, ManagerTally after) => new(
        "EvenManagerCount",
        ErrorKind.InvalidState,
        $"{before}: this leaves {after}, an even number that tolerates {after.ToleratedFailures} failures.",
        "Demote one more or one less, or promote another node first. If it must be, add -Force.",
        after.Total);

    public static SwarmOpsException MoreManagersThanPresent(int asked, int present) => new(
        "MoreManagersThanPresent",
        ErrorKind.InvalidArgument,
        $"The swarm has {present} manager{(present == 1 ? "" : "s")}; a demotion cannot make them {asked}.",
        $"Make managers with Step-SwarmPromotion: $nodes | Step-SwarmPromotion -ManagerCount {asked}.",
        asked);

    public static SwarmOpsException TooFewManagersInSet(int asked, int present, int found) => new(
        "TooFewManagersInSet",
        ErrorKind.InvalidArgument,
        $"To leave {asked} of {present} managers, {present - asked} must be demoted, but only {found} of them are among the nodes.",
        "Give all nodes of the swarm in -Node.",
        asked);

    public static SwarmOpsException NoOtherManager(IReadOnlyList<SwarmNode> targets) => new(
        "NoOtherManager",
        ErrorKind.NotFound,
        $"No manager that stays can be asked: all that were given are to go ({string.Join(", ", targets.Select(node => node.Name))}). What happens could not be verified.",
        "Give at least one manager that stays with -Manager.",
        targets.Count == 1 ? targets[0] : targets);

    public static SwarmOpsException NodeCannotBeAsked(SwarmNode node, SwarmOpsException failure) => new(
        "NodeCannotBeAsked",
        ErrorKind.Connection,
        $"'{node.Name}' is a member of the swarm but cannot be asked itself: {failure.Message}",
        $"Fix that ({failure.RecommendedAction}) If the node is gone for good, add -Force.",
        node,
        failure);

    public static SwarmOpsException DemotionTimedOut(SwarmNode node, TimeSpan timeout) => new(
        "DemotionTimedOut",
        ErrorKind.Timeout,
        $"'{node.Name}' was told to be a worker, but was not one for the leader and for itself within {Seconds(timeout)}. Nothing further was demoted.",
        "Run the same command again: it goes on where it was. On a slow network give a longer -TimeoutSeconds.",
        node);

    public static SwarmOpsException ManagersNotSettled(SwarmNode node, TimeSpan timeout) => new(
        "ManagersNotSettled",
        ErrorKind.Timeout,
        $"'{node.Name}' is a worker now, but the managers that are left did not all reach each other within {Seconds(timeout)}. Nothing further was demoted.",
        "Look with Get-Swarm; open 2377/tcp between the managers.",
        node);

    public static SwarmOpsException NodeInNoKnownSwarm(SwarmNode node, string swarmId) => new(
        "NodeNotInSwarm",
        ErrorKind.NotFound,
        $"'{node.Name}' is not a member of swarm {swarmId}, but of another one, or it was removed from the list without leaving.",
        "Give the managers of its swarm with -Manager. To make its engine leave whatever it is in, add -Force.",
        node);

    public static SwarmOpsException NodeStillReady(SwarmNode node, SwarmOpsException failure) => new(
        "NodeStillReady",
        ErrorKind.Connection,
        $"'{node.Name}' cannot be asked, but the swarm hears its heartbeats: it is not dead. {failure.Message}",
        $"Fix the connection to it ({failure.RecommendedAction}) If it is dying, wait until Get-SwarmNode shows it as Down.",
        node,
        failure);

    public static SwarmOpsException SwarmWouldBeDissolved(string swarmId, int count) => new(
        "SwarmWouldBeDissolved",
        ErrorKind.InvalidState,
        $"These are all {count} nodes of swarm {swarmId}: removing them ends the swarm with its services, secrets and networks.",
        "If that is meant, add -Force. Else give fewer nodes.",
        swarmId);

    public static SwarmOpsException DrainTimedOut(SwarmNode node, int tasks, TimeSpan timeout) => new(
        "DrainTimedOut",
        ErrorKind.Timeout,
        $"{tasks} tasks did not leave '{node.Name}' within {Seconds(timeout)}. It is drained, and still a member.",
        "Look what they wait for (docker node ps on a manager). Then run the same command again, with a longer -TimeoutSeconds or with -Force; "
            + "or take the node back: $node | Set-SwarmNode -Availability Active.",
        node);

    public static SwarmOpsException LeaveTimedOut(SwarmNode node, TimeSpan timeout) => new(
        "LeaveTimedOut",
        ErrorKind.Timeout,
        $"The engine of '{node.Name}' did not leave its swarm within {Seconds(timeout)}.",
        "Look at the engine's log on the node (journalctl -u docker), then run the same command again.",
        node);

    public static SwarmOpsException StillInList(SwarmNode node, string swarmId) => new(
        "NodeStillInList",
        ErrorKind.InvalidState,
        $"'{node.Name}' was removed from swarm {swarmId}, but the list still shows it.",
        "Run the same command again.",
        node);

    public static SwarmOpsException NothingToSet() => new(
        "NothingToSet",
        ErrorKind.InvalidArgument,
        "Nothing to set was given.",
        "Give -Availability, -Label, -RemoveLabel, -Region or -Zone.");

    public static SwarmOpsException AvailabilityInvalid(SwarmNodeAvailability availability) => new(
        "AvailabilityInvalid",
        ErrorKind.InvalidArgument,
        $"'{availability}' is not an availability.",
        "Give Active, Pause or Drain.",
        availability);

    public static SwarmOpsException LabelInvalid(string name, string why) => new(
        "LabelInvalid",
        ErrorKind.InvalidArgument,
        $"The label '{name}' cannot be used: {why}.",
        "Give labels such as -Label @{ disk = 'ssd' }.",
        name);

    public static SwarmOpsException LabelConflict(string name, string why) => new(
        "LabelConflict",
        ErrorKind.InvalidArgument,
        $"The label '{name}' {why}.",
        "Give each label once, in -Label, -Region, -Zone or -RemoveLabel.",
        name);

    public static SwarmOpsException SettingNotKept(SwarmNode node, IReadOnlyList<string> differences) => new(
        "SettingNotKept",
        ErrorKind.InvalidState,
        $"'{node.Name}' was changed, but someone else changed it again: still to set are {string.Join(", ", differences)}.",
        "Find out who else writes to the node, then run the same command again.",
        node);

    public static SwarmOpsException NodeNotFound(string name, string swarmId) => new(
        "NodeNotFound",
        ErrorKind.NotFound,
        $"Swarm {swarmId} has no node named '{name}'.",
        "List them all with Get-SwarmNode -Node $nodes; -Name takes wildcards.",
        name);

    private static string Because(IReadOnlyList<string> reasons) => reasons.Count == 0 ? "" : $" ({string.Join("; ", reasons)})";

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s");
}
