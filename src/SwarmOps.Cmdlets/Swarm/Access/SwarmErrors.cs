using SwarmOps.Nodes;
using SwarmOps.Nodes.Reachability;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Access;

/// <summary>Errors of a swarm and of a node's membership, each with its id and recommended action (docs/errors/swarm.md).</summary>
internal static class SwarmErrors
{
    public static SwarmOpsException NoManagerInSet(IReadOnlyList<SwarmNode> nodes) =>
        new(
            ErrorKind.NotFound,
            $"None of the nodes is a manager that answers: {Names(nodes)}.",
            "Include at least one manager in -Node (or -Manager), or initialize the swarm first: ... | Initialize-Swarm.",
            nodes
        );

    public static SwarmOpsException NodesInDifferentSwarms(IReadOnlyList<(string SwarmId, SwarmNode Node)> swarms) =>
        new(
            ErrorKind.InvalidState,
            $"The nodes are in different swarms: {string.Join("; ", swarms.Select(swarm => $"'{swarm.Node.Name}' in {swarm.SwarmId}"))}.",
            "Pass nodes of one swarm only. A node in the wrong swarm must leave it first: $node | Remove-SwarmNode.",
            swarms[^1].Node
        );

    public static SwarmOpsException SwarmHasNoLeader(IReadOnlyList<SwarmNode> managers, Exception cause) =>
        new(
            ErrorKind.InvalidState,
            $"The swarm has no leader: more than half of its managers must reach each other on port 2377/tcp. Managers that were asked: {Names(managers)}.",
            "Start the managers that are down and open 2377/tcp between them (Test-SwarmNode shows which pair fails); the swarm then elects a leader by itself.",
            managers.Count > 0 ? managers[0] : null,
            cause
        );

    public static SwarmOpsException NodeNotInSet(string name, IReadOnlyList<SwarmNode> nodes) =>
        new(
            ErrorKind.InvalidArgument,
            $"No node in the node set is named '{name}': {Names(nodes)}.",
            "Specify the name of one of the nodes in the pipeline.",
            name
        );

    public static SwarmOpsException AdvertiseAddressMissing(SwarmNode node) =>
        new(
            ErrorKind.InvalidArgument,
            $"The node '{node.Name}' has no advertise address.",
            "Specify the address by which all other nodes reach it: New-SwarmNode -PublicAddress or -AdvertiseAddress.",
            node
        );

    public static SwarmOpsException AdvertiseAddressNotAnAddress(SwarmNode node) =>
        new(
            ErrorKind.InvalidArgument,
            $"The advertise address '{node.AdvertiseAddress}' of '{node.Name}' is not an IPv4 or IPv6 address. The engine silently ignores host names.",
            "Create the node with New-SwarmNode, which resolves host names.",
            node
        );

    public static SwarmOpsException AdvertiseAddressUnreachable(SwarmNode node, IReadOnlyList<ProbeResult> failures) =>
        new(
            ErrorKind.Connection,
            $"'{node.Name}' would advertise {node.AdvertiseAddress}, which cannot be reached: {string.Join("; ", failures.Select(failure => $"{failure.Target.Service} from '{failure.Target.From.Name}': {failure.Detail}"))}. Nothing was changed.",
            $"Advertise an address that all regions can reach (behind NAT the public one), and open {string.Join(" and ", failures.Select(failure => failure.Target.Service).Distinct())} on '{node.Name}' for all other nodes. Test-SwarmNode tests every pair.",
            node
        );

    public static SwarmOpsException AdvertiseAddressDiffers(SwarmNode node, string actual) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' should advertise {node.AdvertiseAddress}, but its engine advertises {(actual.Length == 0 ? "no address" : actual)}. The advertise address of a member cannot be changed.",
            $"Remove the node and join it again: $node | Remove-SwarmNode, then the same pipeline (node '{node.Name}').",
            node
        );

    public static SwarmOpsException NodeInAnotherSwarm(SwarmNode node, IEnumerable<Docker.DotNet.Models.Peer>? managers) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' is a member of another swarm{Of(managers)}.",
            $"Remove it from that swarm first: $node | Remove-SwarmNode (node '{node.Name}'), or pass the managers of that swarm too.",
            node
        );

    public static SwarmOpsException WrongSwarm(SwarmNode node, string actual) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' is described as a node of swarm {node.SwarmId}, but the managers in the node set belong to swarm {actual}.",
            "Pass nodes and managers of one swarm. If the old swarm no longer exists, describe the node again with New-SwarmNode.",
            node
        );

    public static SwarmOpsException SwarmLocked(SwarmNode node) =>
        new(
            ErrorKind.InvalidState,
            $"The engine of '{node.Name}' is locked: it was restarted in a swarm with autolock.",
            "Unlock it with the swarm's unlock key: $nodes | Unlock-Swarm -UnlockKey $key.",
            node
        );

    public static SwarmOpsException InitializeTimedOut(SwarmNode node, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"'{node.Name}' initialized a swarm, but it had no leader after {timeout.TotalSeconds:0} s.",
            "Check the engine's log on the node (journalctl -u docker), then run the same command again.",
            node
        );

    public static SwarmOpsException ListenAddressNeeded(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{node.Name}' advertises {node.AdvertiseAddress}, which is not its own, and has several addresses: the engine needs to know on which to listen.",
            "Specify its own address: New-SwarmNode -PrivateAddress.",
            node,
            cause
        );

    public static SwarmOpsException SwarmOptionsDiffer(string swarmId, IReadOnlyList<string> differences) =>
        new(
            ErrorKind.InvalidState,
            $"The nodes are already in swarm {swarmId}, which was initialized with other options that cannot be changed: {string.Join("; ", differences)}.",
            "Omit these parameters, or create a new swarm.",
            swarmId
        );

    public static SwarmOpsException JoinFailed(SwarmNode node, IReadOnlyList<string> reasons) =>
        new(
            ErrorKind.Connection,
            $"'{node.Name}' could not join: {(reasons.Count == 0 ? "the swarm has no manager with an address" : string.Join("; ", reasons))}",
            "Open 2377/tcp on the managers for this node (Test-SwarmNode tests every pair), then run the same command again.",
            node
        );

    public static SwarmOpsException NodeLeftMeanwhile(SwarmNode node) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' left the swarm while this command waited for it to join: another run or administrator removed it.",
            "To make it a member, run the same command again: the node joins again.",
            node
        );

    public static SwarmOpsException JoinTimedOut(SwarmNode node, TimeSpan timeout, string through) =>
        new(
            ErrorKind.Timeout,
            $"'{node.Name}' was not Ready {timeout.TotalSeconds:0} s after its join request to {through}.",
            "Test the ports with Test-SwarmNode, then run the same command again: it completes an unfinished join. On a slow network, specify a longer -TimeoutSeconds.",
            node
        );

    public static SwarmOpsException LeaveStuck(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.Timeout,
            $"The engine of '{node.Name}' could not leave its swarm (\"context deadline exceeded\"): engine 20.10 can hang when it leaves during a role change.",
            $"Restart the engine on the node (systemctl restart docker), then run the same command again (node '{node.Name}').",
            node,
            cause
        );

    public static SwarmOpsException GossipPortHeld(SwarmNode node) =>
        new(
            ErrorKind.InvalidState,
            $"{SwarmPorts.Gossip}/tcp is still in use on '{node.Name}', whose engine is in no swarm: it would receive no gossip in the next swarm. Engines before 28.3 keep the port open when they leave a swarm and cannot notify its members within one second.",
            $"Restart the engine on the node (systemctl restart docker, or Remove-SwarmNode -RestartEngine), then run the same command again (node '{node.Name}'). If another program uses the port, 'ss -ltnp sport = :{SwarmPorts.Gossip}' shows it.",
            node
        );

    public static SwarmOpsException EngineRestartFailed(SwarmNode node, CommandResult result) =>
        new(
            ErrorKind.InvalidState,
            $"The engine of '{node.Name}' could not be restarted, or did not answer after the restart: exit code {result.ExitCode}. {result.Error.Trim()}",
            $"Check the engine's log on the node (journalctl -u docker), start the engine, then run the same command again (node '{node.Name}').",
            node
        );

    public static SwarmOpsException NodeNotInSwarm(SwarmNode node, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"'{node.Name}' is not a member of swarm {swarmId}.",
            $"Join it first: $nodes | Join-SwarmAsWorker (node '{node.Name}'), or omit the node.",
            node
        );

    public static SwarmOpsException ListenAddressInvalid(string address) =>
        new(
            ErrorKind.InvalidArgument,
            $"The listen address '{address}' is neither an address nor an address with a port.",
            "Specify an address such as 10.0.0.5:2377 or [2001:db8::1]:2377.",
            address
        );

    public static SwarmOpsException CertificateValidityTooShort(TimeSpan validity, TimeSpan shortest) =>
        new(
            ErrorKind.InvalidArgument,
            $"A certificate validity of {validity} is too short; the minimum is {shortest}.",
            "Specify at least one hour with -CertificateValidity.",
            validity
        );

    public static SwarmOpsException DispatcherHeartbeatTooShort(TimeSpan heartbeat, TimeSpan shortest) =>
        new(
            ErrorKind.InvalidArgument,
            $"A dispatcher heartbeat of {heartbeat} is too short; the minimum is {shortest}.",
            "Specify at least one second with -DispatcherHeartbeat; 15 to 30 s suit a WAN.",
            heartbeat
        );

    private static string Of(IEnumerable<Docker.DotNet.Models.Peer>? managers) =>
        managers?.Select(manager => manager.Addr).ToList() is { Count: > 0 } addresses
            ? $" with the managers {string.Join(", ", addresses)}"
            : "";

    private static string Names(IReadOnlyList<SwarmNode> nodes) => string.Join(", ", nodes.Select(node => node.Name));
}
