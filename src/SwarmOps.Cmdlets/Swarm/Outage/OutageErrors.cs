using System.Globalization;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Outage;

/// <summary>Errors that prevent the loss of a swarm during an outage (docs/errors/swarm.md).</summary>
internal static class OutageErrors
{
    public static SwarmOpsException SwarmHasNoQuorum(LostQuorum lost)
    {
        var named = lost.SwarmId is null ? "The swarm of these nodes" : $"Swarm {lost.SwarmId}";
        var missing = lost.Missing.Count == 0 ? "" : $" Missing: {string.Join(", ", lost.Missing)}.";
        return new(
            ErrorKind.InvalidState,
            $"{named} has no quorum: {Arithmetic(lost)}.{missing}{States(lost)} Nothing was changed.",
            Advice(lost),
            lost.Holders.Count > 0 ? lost.Holders[0].Node : null,
            lost.Silent.Count > 0 ? lost.Silent[0].Failure : null
        );
    }

    public static SwarmOpsException SwarmCannotBeRuledOut(IReadOnlyList<NodeReport> silent, string? swarmId) =>
        new(
            ErrorKind.InvalidState,
            $"None of the nodes that answered is in a swarm, but {Names(silent)} did not answer and may be in one{(swarmId is null ? "" : $" (the node set names swarm {swarmId})")}: "
                + "initializing a swarm now could create a second one. Nothing was changed.",
            $"Fix the preceding errors, then run the same command again. If you know that {(silent.Count == 1 ? "this node is" : "these nodes are")} in no swarm, omit {(silent.Count == 1 ? "it" : "them")}: "
                + $"$nodes | Where-Object {{ $_.Name -notin {string.Join(", ", silent.Select(report => $"'{report.Node.Name}'"))} }} | Initialize-Swarm.",
            silent[0].Node,
            silent[0].Failure
        );

    public static SwarmOpsException SwarmNotFound(IReadOnlyList<SwarmNode> described) =>
        new(
            ErrorKind.NotFound,
            $"{Names(described)} {(described.Count == 1 ? "is" : "are")} described as nodes of swarm {described[0].SwarmId}, but none of the nodes is in that swarm or has its state on disk. Nothing was changed.",
            "Pass all nodes of that swarm. If it is permanently lost, describe the nodes again with New-SwarmNode, from their names and addresses only.",
            described[0]
        );

    public static SwarmOpsException SwarmStateOnDisk(SwarmNode node, SwarmTrace trace) =>
        new(
            ErrorKind.InvalidState,
            $"The engine of '{node.Name}' reports that it is in no swarm, but {trace.Path} contains the state of {(trace.SwarmId is null ? "one" : $"swarm {trace.SwarmId}")}. Nothing was changed.",
            $"If docker-state.json was lost, restore it and restart the engine. If the state is not needed, move it aside on '{node.Name}': "
                + $"systemctl stop docker.socket docker && mv {trace.Path} {trace.Path}.old && systemctl start docker.socket docker. Then run the same command again.",
            node
        );

    public static SwarmOpsException MemberNotActive(SwarmNode node, string nodeId, string swarmId, NodeObservation own) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' is a member of swarm {swarmId} (node id {nodeId}), but its engine is not active in it: it is {Said(own)}. The node did not leave the swarm.",
            "Open 2377/tcp on the managers for this node (Test-SwarmNode tests every pair). A pending engine then becomes active again; one in error does not retry: restart it on the node "
                + $"(systemctl restart docker; journalctl -u docker shows why it failed). If it cannot become active again, for example because its certificate has expired: $node | Remove-SwarmNode -Force -Manager $managers, then run the same command again (node '{node.Name}').",
            node
        );

    public static SwarmOpsException NodeHoldsSwarmState(SwarmNode node, string swarmId, NodeObservation own, SwarmTrace? trace) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' has the state of {(trace?.SwarmId is null ? "a swarm" : trace.SwarmId == swarmId ? $"swarm {swarmId}, which does not list it," : $"another swarm ({trace.SwarmId})")}: its engine is {Said(own)}"
                + $"{(trace?.HoldsRaft is true || own.Info.Swarm?.ControlAvailable is true ? ", and it was a manager" : "")}. The state may be more than that of an unfinished join, so the node did not leave the swarm.",
            $"Pass the managers of its swarm too, and fix that swarm first. If its state is not needed: $node | Join-SwarmAsWorker -Manager $managers -Rejoin (node '{node.Name}').",
            node
        );

    public static SwarmOpsException SwarmIsBack(SwarmNode node, string swarmId) =>
        new(
            ErrorKind.InvalidState,
            $"Swarm {swarmId} has a leader again, so '{node.Name}' did not leave it. Nothing was changed.",
            "Run the same command again without -Rejoin: it uses the swarm as it is.",
            node
        );

    public static SwarmOpsException RejoinNotConfirmed(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.InvalidState,
            $"-Rejoin needs confirmation before '{node.Name}' loses its swarm state, and this session is not interactive. Nothing was changed.",
            "If that state is not needed, add -Force.",
            node,
            cause
        );

    private static string Arithmetic(LostQuorum lost)
    {
        if (lost.Managers.Count == 0)
            return "its managers are not known";
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{lost.Managers.Count} {(lost.Managers.Count == 1 ? "manager is" : "managers are")} known, {lost.Answering} {(lost.Answering == 1 ? "answers" : "answer")}, {lost.Needed} {(lost.Needed == 1 ? "is" : "are")} needed"
        );
        return lost.Answering >= lost.Needed ? $"{text}, but the managers that answer cannot reach each other" : text;
    }

    private static string States(LostQuorum lost)
    {
        var said = lost
            .Holders.Where(holder => holder.Observation is { LocalState: not LocalNodeStates.Active and not LocalNodeStates.Inactive })
            .Select(holder => $"'{holder.Node.Name}' is {Said(holder.Observation!)}")
            .Concat(
                lost.Holders.Where(holder =>
                        holder.Observation is not { LocalState: not LocalNodeStates.Inactive } && holder.Trace is { IsHeld: true }
                    )
                    .Select(holder => $"the disk of '{holder.Node.Name}' contains its state ({holder.Trace!.Path})")
            )
            .ToList();
        return said.Count == 0 ? "" : $" {char.ToUpperInvariant(said[0][0])}{string.Join("; ", said)[1..]}.";
    }

    /// <summary>The state, with the engine's error when it has one.</summary>
    private static string Said(NodeObservation own) =>
        own.LocalState == LocalNodeStates.Error && own.Info.Swarm?.Error is { Length: > 0 } why
            ? $"in error ({why.Trim().TrimEnd('.')})"
            : own.LocalState;

    private static string Advice(LostQuorum lost)
    {
        List<string> steps = [];
        if (
            lost.Holders.Where(holder => holder.Observation?.LocalState == LocalNodeStates.Locked).Select(holder => holder.Node).ToList() is
            { Count: > 0 } locked
        )
            steps.Add($"Unlock {Names(locked)}: docker swarm unlock on the node, with the unlock key.");
        if (
            lost.Holders.Where(holder => holder.Observation?.LocalState == LocalNodeStates.Error).Select(holder => holder.Node).ToList() is
            { Count: > 0 } failing
        )
            steps.Add(
                $"Fix the error that {Names(failing)} {(failing.Count == 1 ? "reports" : "report")} (journalctl -u docker on the node), then restart the engine there."
            );
        if (lost.Missing.Count > 0 && lost.Silent.Count > 0)
            steps.Add("Start the engines of the missing managers (systemctl start docker).");
        steps.Add(
            "Open 2377/tcp between the managers (Test-SwarmNode shows which pair fails). The swarm then recovers by itself: run the same command again."
        );
        steps.Add("If the majority is permanently lost: docs/errors/swarm.md, \"When the majority of the managers is permanently lost\".");
        return string.Join(" ", steps);
    }

    private static string Names(IEnumerable<NodeReport> reports) => Names([.. reports.Select(report => report.Node)]);

    private static string Names(IReadOnlyList<SwarmNode> nodes) => string.Join(", ", nodes.Select(node => $"'{node.Name}'"));
}
