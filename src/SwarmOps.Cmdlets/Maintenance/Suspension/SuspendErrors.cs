using System.Globalization;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>Errors of taking nodes out of service and bringing them back (docs/errors/maintenance.md).</summary>
internal static class SuspendErrors
{
    public static SwarmOpsException SuspendWouldLoseQuorum(SwarmNode node, ManagerTally tally, int left) =>
        new(
            ErrorKind.InvalidState,
            $"{tally}: without '{node.Name}', {left} {(left == 1 ? "manager" : "managers")} would be reachable, fewer than {tally.Quorum}. The swarm would lose its quorum while the node is down.",
            "Bring the unreachable managers back first (Get-Swarm lists them), or demote them with Step-SwarmDemotion.",
            node
        );

    public static SwarmOpsException SuspendedNodeNotReady(SwarmNode node, string state) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' is {state}, not ready: the swarm has already replaced its tasks, or cannot tell what runs there. Nothing was changed.",
            $"Bring the node back first. If it is permanently lost: $node | Remove-SwarmNode -Force -Manager $others (node '{node.Name}').",
            node
        );

    public static SwarmOpsException SuspendWouldBeNoticed(SwarmNode node, IReadOnlyList<string> obstacles) =>
        new(
            ErrorKind.InvalidState,
            $"Users would notice that '{node.Name}' is out of service: {string.Join("; ", obstacles)}. The node goes on as before.",
            "Fix what the message names, or accept the outage with -Force.",
            node
        );

    public static SwarmOpsException NodeNotSuspended(SwarmNode node, SwarmOpsException cause, SwarmOpsException? undo) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' was not suspended: {cause.Message} "
                + (undo is null ? "It serves as before." : $"It is not drained, but could not be restored either: {undo.Message}"),
            undo is null
                ? $"{cause.RecommendedAction} Then run the same command again."
                : $"{cause.RecommendedAction} To restore the node: $nodes | Resume-SwarmNode -Name {node.Name}.",
            node,
            cause
        );

    public static SwarmOpsException SuspendedTasksStillRun(SwarmNode node, int tasks, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"{tasks} tasks on '{node.Name}' did not stop within {Seconds(timeout)}. The node is drained and out of DNS; replacements run on other nodes.",
            $"Check what the tasks wait for (Get-SwarmTask), then run the same command again with a longer -TimeoutSeconds; or bring the node back: $nodes | Resume-SwarmNode -Name {node.Name}.",
            node
        );

    public static SwarmOpsException NodeDidNotComeBack(SwarmNode node, string seen, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"'{node.Name}' did not come back within {Seconds(timeout)}: {seen}. It stays out of DNS and gets no tasks; the other nodes do its work.",
            $"Start the host and its engine, then: $nodes | Resume-SwarmNode -Name {node.Name}. If it is permanently lost: $node | Remove-SwarmNode -Force -Manager $others (node '{node.Name}').",
            node
        );

    public static SwarmOpsException ResumedOverlayFailed(SwarmNode node, IReadOnlyList<string> failures, bool isDrained) =>
        new(
            ErrorKind.InvalidState,
            $"Packets do not arrive on overlay networks of '{node.Name}': {string.Join(" ", failures)} "
                + (isDrained ? "It is drained again, and stays out of DNS." : "It could not be drained again, and stays out of DNS."),
            $"Fix what the message names (Test-SwarmOverlay shows every path), then: $nodes | Resume-SwarmNode -Name {node.Name}.",
            node
        );

    public static SwarmOpsException ResumedTasksMissing(SwarmNode node, IReadOnlyList<string> missing, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"Not everything runs on '{node.Name}' again after {Seconds(timeout)}: {string.Join("; ", missing)}. It stays out of DNS.",
            $"Fix what the message names (Get-SwarmServiceLog), then: $nodes | Resume-SwarmNode -Name {node.Name}.",
            node
        );

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");
}
