using System.Globalization;
using SwarmOps.Nodes;
using SwarmOps.Nodes.Reachability;

namespace SwarmOps.Swarm.Managers;

/// <summary>Errors of promoting and demoting managers, and of changing and removing members (docs/errors/swarm-managers.md).</summary>
internal static class ManagerErrors
{
    public static SwarmOpsException ManagerDoesNotAnswer(SwarmNode manager, TimeSpan limit) =>
        new(
            ErrorKind.Connection,
            $"The manager '{manager.Name}' did not answer within {Seconds(limit)}.",
            "The swarm may have no leader: check with Get-Swarm, then run the same command again.",
            manager
        );

    public static SwarmOpsException ManagerCountInvalid(int count) =>
        new(
            ErrorKind.InvalidArgument,
            $"A swarm cannot have {count} managers.",
            "Specify an odd number with -ManagerCount: 3 managers tolerate the loss of one, 5 of two.",
            count
        );

    public static SwarmOpsException EvenManagerCount(int count) =>
        new(
            ErrorKind.InvalidArgument,
            $"{count} managers tolerate {new ManagerTally(count, count).ToleratedFailures} failures, no more than {count - 1} managers do, and have one more that can fail.",
            $"Specify an odd number of managers, such as {count + 1}. To use {count} anyway, add -Force.",
            count
        );

    public static SwarmOpsException FewerManagersThanPresent(int asked, int present) =>
        new(
            ErrorKind.InvalidArgument,
            $"The swarm has {present} managers; Step-SwarmPromotion cannot reduce them to {asked}.",
            $"Demote managers with Step-SwarmDemotion: $nodes | Step-SwarmDemotion -ManagerCount {asked}.",
            asked
        );

    public static SwarmOpsException TooFewUsableNodes(int asked, int present, int usable, IReadOnlyList<string> reasons) =>
        new(
            ErrorKind.InvalidState,
            $"{asked} managers were requested, but the swarm has {present}, and only {usable} more nodes of the node set can be promoted{Because(reasons)}.",
            "Pass more nodes, fix the named ones, or request fewer managers with -ManagerCount.",
            asked
        );

    public static SwarmOpsException ManagerAddressUnreachable(SwarmNode node, ProbeResult tried) =>
        new(
            ErrorKind.Connection,
            $"'{node.Name}' cannot become a manager: {PromotionDiagnosis.EndpointOf(tried.Target.Address)} cannot be reached from the leader ({tried.Target.From}): {tried.Detail}. "
                + "Nothing was changed on it.",
            $"Open {SwarmPorts.Control}/tcp on '{node.Name}' for every manager. If the address is wrong, remove the node and join it with the correct one: "
                + "$node | Remove-SwarmNode, then New-SwarmNode -PublicAddress ... | Join-SwarmAsWorker.",
            node
        );

    public static SwarmOpsException PromotionFailed(
        SwarmNode node,
        TimeSpan timeout,
        string why,
        bool isBack,
        SwarmOpsException? rollback
    ) =>
        new(
            ErrorKind.Timeout,
            $"'{node.Name}' did not become a reachable manager within {Seconds(timeout)}: {why}. "
                + (
                    isBack
                        ? "It is a worker again."
                        : $"It could not be demoted to a worker again: {rollback?.Message ?? "the demotion was not confirmed in time"}"
                ),
            $"Open {SwarmPorts.Control}/tcp at the node's advertise address for every manager (Test-SwarmNode tests every pair), then run the same command again. "
                + "If the address is wrong: $node | Remove-SwarmNode, then join it with the correct one.",
            node,
            rollback
        );

    public static SwarmOpsException ManagerChangeInProgress(string name, string change, TimeSpan timeout, SwarmNode? node) =>
        new(
            ErrorKind.Timeout,
            $"The {change} of {name} is in progress and did not complete within {Seconds(timeout)}. Two role changes at the same time can leave a node in an undefined role.",
            "Include this node in -Node, so that its state can be read and the change undone; or wait, then run the same command again. If its machine is lost, remove its entry on a manager: docker node rm --force NODE.",
            node ?? (object)name
        );

    public static SwarmOpsException ManagerUnreachable(SwarmNode node, string? address) =>
        new(
            ErrorKind.Connection,
            $"The leader cannot reach the manager '{node.Name}' at {address ?? "its address"}.",
            $"Start it, or open {SwarmPorts.Control}/tcp on it; it then reconnects by itself. If it is permanently lost: $node | Remove-SwarmNode -Force -Manager $others (node '{node.Name}').",
            node
        );

    public static SwarmOpsException ManagerCountNotReached(string swarmId, int wanted, int reached, IReadOnlyList<string> reasons) =>
        new(
            ErrorKind.InvalidState,
            $"The swarm has {reached} manager{(reached == 1 ? "" : "s")} instead of {wanted}{Because(reasons)}.",
            "Fix the preceding errors, then run the same command again.",
            swarmId
        );

    public static SwarmOpsException LastManager(SwarmNode node, ManagerTally tally) =>
        new(
            ErrorKind.InvalidState,
            $"{tally}: '{node.Name}' is the last manager, and a swarm without managers cannot be recovered.",
            "Promote another node first (Step-SwarmPromotion). To dissolve the swarm, remove all of its nodes: $nodes | Remove-SwarmNode -Force.",
            node
        );

    public static SwarmOpsException QuorumWouldBeLost(SwarmNode node, ManagerTally before, ManagerTally after) =>
        new(
            ErrorKind.InvalidState,
            $"{before}: demoting '{node.Name}' leaves {after}. The swarm would lose its quorum.",
            "Bring the unreachable managers back first, or demote those; Get-Swarm lists them.",
            node
        );

    public static SwarmOpsException LeaderOfTwoManagers(SwarmNode node, ManagerTally tally) =>
        new(
            ErrorKind.InvalidState,
            $"{tally}: '{node.Name}' is the leader of the last two managers. Demoting the leader of two can leave the swarm without any manager (moby/moby issue 34384).",
            "Demote the other manager, or promote a third one first (Step-SwarmPromotion).",
            node
        );

    public static SwarmOpsException EvenManagersLeft(ManagerTally before, ManagerTally after) =>
        new(
            ErrorKind.InvalidState,
            $"{before}: this leaves {after}, an even number that tolerates {after.ToleratedFailures} failures.",
            "Demote one manager more or fewer, or promote another node first. To continue anyway, add -Force.",
            after.Total
        );

    public static SwarmOpsException MoreManagersThanPresent(int asked, int present) =>
        new(
            ErrorKind.InvalidArgument,
            $"The swarm has {present} manager{(present == 1 ? "" : "s")}; Step-SwarmDemotion cannot increase them to {asked}.",
            $"Promote nodes with Step-SwarmPromotion: $nodes | Step-SwarmPromotion -ManagerCount {asked}.",
            asked
        );

    public static SwarmOpsException TooFewManagersInSet(int asked, int present, int found) =>
        new(
            ErrorKind.InvalidArgument,
            $"To leave {asked} of {present} managers, {present - asked} must be demoted, but only {found} of them are in the node set.",
            "Pass all nodes of the swarm in -Node.",
            asked
        );

    public static SwarmOpsException NoOtherManager(IReadOnlyList<SwarmNode> targets) =>
        new(
            ErrorKind.NotFound,
            $"No manager remains that could be asked: all managers that were passed are to be demoted or removed ({string.Join(", ", targets.Select(node => node.Name))}). The result could not be verified.",
            "Specify at least one manager that stays in the swarm with -Manager.",
            targets.Count == 1 ? targets[0] : targets
        );

    public static SwarmOpsException NodeCannotBeAsked(SwarmNode node, SwarmOpsException failure) =>
        new(
            ErrorKind.Connection,
            $"'{node.Name}' is a member of the swarm, but the connection to it failed: {failure.Message}",
            $"Fix the connection ({failure.RecommendedAction}) If the node is permanently lost, add -Force.",
            node,
            failure
        );

    public static SwarmOpsException DemotionTimedOut(SwarmNode node, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"'{node.Name}' was demoted, but the leader and the node itself did not both report it as a worker within {Seconds(timeout)}. No further node was demoted.",
            "Run the same command again: it continues where it stopped. On a slow network, specify a longer -TimeoutSeconds.",
            node
        );

    public static SwarmOpsException ManagersNotSettled(SwarmNode node, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"'{node.Name}' is a worker now, but the remaining managers were not all Reachable within {Seconds(timeout)}. No further node was demoted.",
            "Check with Get-Swarm, and open 2377/tcp between the managers.",
            node
        );

    public static SwarmOpsException NodeInUnknownSwarm(SwarmNode node, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"'{node.Name}' is not a member of swarm {swarmId}: it is in another swarm, or was removed from this one without leaving.",
            "Specify the managers of its swarm with -Manager. To make its engine leave whatever swarm it is in, add -Force.",
            node
        );

    public static SwarmOpsException NodeStillReady(SwarmNode node, SwarmOpsException failure) =>
        new(
            ErrorKind.Connection,
            $"The connection to '{node.Name}' failed, but the swarm receives its heartbeats: the node is running. {failure.Message}",
            $"Fix the connection to it ({failure.RecommendedAction}) If the node is shutting down, wait until Get-SwarmNode shows it as Down.",
            node,
            failure
        );

    public static SwarmOpsException SwarmWouldBeDissolved(string swarmId, int count) =>
        new(
            ErrorKind.InvalidState,
            $"These are all {count} nodes of swarm {swarmId}: removing them dissolves the swarm, and its services, secrets and networks are lost.",
            "To dissolve the swarm, add -Force. Otherwise pass fewer nodes.",
            swarmId
        );

    public static SwarmOpsException DrainTimedOut(SwarmNode node, int tasks, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"{tasks} tasks on '{node.Name}' did not stop within {Seconds(timeout)}. The node is drained, and still a member.",
            "Check what the tasks wait for (docker node ps on a manager), then run the same command again with a longer -TimeoutSeconds or with -Force; "
                + "or keep the node: $node | Set-SwarmNode -Availability Active.",
            node
        );

    public static SwarmOpsException LeaveTimedOut(SwarmNode node, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"The engine of '{node.Name}' did not leave its swarm within {Seconds(timeout)}.",
            "Check the engine's log on the node (journalctl -u docker), then run the same command again.",
            node
        );

    public static SwarmOpsException NodeStillInList(SwarmNode node, string swarmId) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' was removed from swarm {swarmId}, but the swarm still lists it.",
            "Run the same command again.",
            node
        );

    public static SwarmOpsException NothingToSet() =>
        new(ErrorKind.InvalidArgument, "No setting was specified.", "Specify -Availability, -Label, -RemoveLabel, -Region or -Zone.");

    public static SwarmOpsException AvailabilityInvalid(SwarmNodeAvailability availability) =>
        new(ErrorKind.InvalidArgument, $"'{availability}' is not a valid availability.", "Specify Active, Pause or Drain.", availability);

    public static SwarmOpsException NodeLabelInvalid(string name, string why) =>
        new(ErrorKind.InvalidArgument, $"The label '{name}' is invalid: {why}.", "Specify labels such as -Label @{ disk = 'ssd' }.", name);

    public static SwarmOpsException LabelConflict(string name, string why) =>
        new(
            ErrorKind.InvalidArgument,
            $"The label '{name}' {why}.",
            "Specify each label once, in -Label, -Region, -Zone or -RemoveLabel.",
            name
        );

    public static SwarmOpsException SettingNotKept(SwarmNode node, IReadOnlyList<string> differences) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' was changed, but someone else has changed it again. Still different: {string.Join(", ", differences)}.",
            "Find out who else changes the node, then run the same command again.",
            node
        );

    public static SwarmOpsException NodeNotFound(string name, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"Swarm {swarmId} has no node named '{name}'.",
            "List all nodes with Get-SwarmNode -Node $nodes; -Name accepts wildcards.",
            name
        );

    private static string Because(IReadOnlyList<string> reasons) => reasons.Count == 0 ? "" : $" ({string.Join("; ", reasons)})";

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s");
}
