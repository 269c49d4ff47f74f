using SwarmOps.Nodes.Reachability;
using SwarmOps.Transport;

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

    public static SwarmOpsException NodeNotInSet(string name, IReadOnlyList<SwarmNode> nodes) => new(
        "NodeNotInSet",
        ErrorKind.InvalidArgument,
        $"No node of the set is named '{name}': {Names(nodes)}.",
        "Give the name of one of the nodes in the pipeline.",
        name);

    public static SwarmOpsException AdvertiseAddressMissing(SwarmNode node) => new(
        "AdvertiseAddressMissing",
        ErrorKind.InvalidArgument,
        $"The node '{node.Name}' has no advertise address.",
        "Give the address at which all other nodes reach it: New-SwarmNode -PublicAddress or -AdvertiseAddress.",
        node);

    public static SwarmOpsException AdvertiseAddressNotAnAddress(SwarmNode node) => new(
        "AdvertiseAddressNotAnAddress",
        ErrorKind.InvalidArgument,
        $"The advertise address '{node.AdvertiseAddress}' of '{node.Name}' is not an IPv4 or IPv6 address. The engine would drop a name in silence.",
        "Make the node with New-SwarmNode, which resolves names.",
        node);

    public static SwarmOpsException AdvertiseAddressUnreachable(SwarmNode node, IReadOnlyList<ProbeResult> failures) => new(
        "AdvertiseAddressUnreachable",
        ErrorKind.Connection,
        $"'{node.Name}' would advertise {node.AdvertiseAddress}, but that is not reached: {string.Join("; ", failures.Select(failure => $"{failure.Target.Service} from '{failure.Target.From.Name}': {failure.Detail}"))}. Nothing was changed.",
        $"Advertise an address that all regions reach (behind NAT the public one), and let {string.Join(" and ", failures.Select(failure => failure.Target.Service).Distinct())} in from each other node. Test-SwarmNode shows every pair.",
        node);

    public static SwarmOpsException AdvertiseAddressDiffers(SwarmNode node, string actual) => new(
        "AdvertiseAddressDiffers",
        ErrorKind.InvalidState,
        $"'{node.Name}' should advertise {node.AdvertiseAddress}, but its engine says {(actual.Length == 0 ? "nothing" : actual)}. An engine keeps its address for as long as it is a member.",
        $"Take the node out and let it join again: $node | Remove-SwarmNode, then the same pipeline (node '{node.Name}').",
        node);

    public static SwarmOpsException NodeInAnotherSwarm(SwarmNode node, IEnumerable<Docker.DotNet.Models.Peer>? managers) => new(
        "NodeInAnotherSwarm",
        ErrorKind.InvalidState,
        $"'{node.Name}' is a member of another swarm{Of(managers)}.",
        $"Take it out there first: $node | Remove-SwarmNode (node '{node.Name}'), or give the managers of that swarm too.",
        node);

    public static SwarmOpsException WrongSwarm(SwarmNode node, string actual) => new(
        "WrongSwarm",
        ErrorKind.InvalidState,
        $"'{node.Name}' was described as a node of swarm {node.SwarmId}, but the managers of the set are those of swarm {actual}.",
        "Give nodes and managers of one swarm. Where the old swarm is gone, describe the node anew with New-SwarmNode.",
        node);

    public static SwarmOpsException SwarmLocked(SwarmNode node) => new(
        "SwarmLocked",
        ErrorKind.InvalidState,
        $"The engine of '{node.Name}' is locked: it restarted in a swarm with autolock.",
        "Unlock it on the node with docker swarm unlock and the key that was kept.",
        node);

    public static SwarmOpsException InitializeTimedOut(SwarmNode node, TimeSpan timeout) => new(
        "InitializeTimedOut",
        ErrorKind.Timeout,
        $"'{node.Name}' made a swarm, but it had no leader after {timeout.TotalSeconds:0} s.",
        "Look at the engine's log on the node (journalctl -u docker), then run the same command again.",
        node);

    public static SwarmOpsException ListenAddressNeeded(SwarmNode node, Exception cause) => new(
        "ListenAddressNeeded",
        ErrorKind.InvalidArgument,
        $"'{node.Name}' advertises {node.AdvertiseAddress}, which is not its own, and has several addresses: the engine asks on which to listen.",
        "Give its own address: New-SwarmNode -PrivateAddress.",
        node,
        cause);

    public static SwarmOpsException SwarmOptionsDiffer(string swarmId, IReadOnlyList<string> differences) => new(
        "SwarmOptionsDiffer",
        ErrorKind.InvalidState,
        $"The nodes are in swarm {swarmId} already, made with other options that cannot be changed: {string.Join("; ", differences)}.",
        "Leave these options out, or build a new swarm.",
        swarmId);

    public static SwarmOpsException JoinFailed(SwarmNode node, IReadOnlyList<string> reasons) => new(
        "JoinFailed",
        ErrorKind.Connection,
        $"'{node.Name}' could not join: {(reasons.Count == 0 ? "the swarm has no manager with an address" : string.Join("; ", reasons))}",
        "Let the node reach 2377/tcp of the managers (Test-SwarmNode shows every pair), then run the same command again.",
        node);

    public static SwarmOpsException NodeLeftMeanwhile(SwarmNode node) => new(
        "NodeLeftMeanwhile",
        ErrorKind.InvalidState,
        $"'{node.Name}' was made to leave the swarm while this command waited for it: another run or administrator did so.",
        "Run the same command again if it is to be a member: it joins anew.",
        node);

    public static SwarmOpsException JoinTimedOut(SwarmNode node, TimeSpan timeout, string through) => new(
        "JoinTimedOut",
        ErrorKind.Timeout,
        $"'{node.Name}' was not a ready member {timeout.TotalSeconds:0} s after it asked {through}.",
        "Test the ports with Test-SwarmNode, then run the same command again: a half-joined node is healed. On a slow network give a longer -TimeoutSeconds.",
        node);

    public static SwarmOpsException LeaveStuck(SwarmNode node, Exception cause) => new(
        "LeaveStuck",
        ErrorKind.Timeout,
        $"The engine of '{node.Name}' does not come out of its swarm (\"context deadline exceeded\"): engines of 20.10 can get stuck when they leave in the middle of a change of role.",
        $"Restart the engine on the node (systemctl restart docker), then run the same command again (node '{node.Name}').",
        node,
        cause);

    public static SwarmOpsException GossipPortHeld(SwarmNode node) => new(
        "GossipPortHeld",
        ErrorKind.InvalidState,
        $"{SwarmPorts.Gossip}/tcp is held on '{node.Name}', whose engine is in no swarm: it would be deaf in the next one. An engine before 28.3 that left a swarm and could not tell its members within a second does so.",
        $"Restart the engine on the node (systemctl restart docker, or Remove-SwarmNode -RestartEngine), then run the same command again (node '{node.Name}'). If it is another program, 'ss -ltnp sport = :{SwarmPorts.Gossip}' names it.",
        node);

    public static SwarmOpsException EngineRestartFailed(SwarmNode node, CommandResult result) => new(
        "EngineRestartFailed",
        ErrorKind.InvalidState,
        $"The engine of '{node.Name}' could not be restarted, or does not answer since: exit code {result.ExitCode}. {result.Error.Trim()}",
        $"Look at its log on the node (journalctl -u docker), start it, then run the same command again (node '{node.Name}').",
        node);

    public static SwarmOpsException AddressPoolInvalid(string pool, string why) => new(
        "AddressPoolInvalid", ErrorKind.InvalidArgument, $"The address pool '{pool}' cannot be used: {why}.", "Give subnets such as 10.20.0.0/16 with -AddressPool.", pool);

    public static SwarmOpsException SubnetSizeInvalid(string pool, int size) => new(
        "SubnetSizeInvalid",
        ErrorKind.InvalidArgument,
        $"Subnets of /{size} cannot be cut from the address pool {pool}.",
        "Give a larger number with -SubnetSize, or a larger pool.",
        pool);

    public static SwarmOpsException ListenAddressInvalid(string address) => new(
        "ListenAddressInvalid",
        ErrorKind.InvalidArgument,
        $"The listen address '{address}' is not an address, or address and port.",
        "Give one such as 10.0.0.5:2377 or [2001:db8::1]:2377.",
        address);

    public static SwarmOpsException CertificateValidityTooShort(TimeSpan validity, TimeSpan shortest) => new(
        "CertificateValidityTooShort",
        ErrorKind.InvalidArgument,
        $"Certificates cannot be valid for {validity}; {shortest} is the shortest.",
        "Give at least one hour with -CertificateValidity.",
        validity);

    public static SwarmOpsException DispatcherHeartbeatTooShort(TimeSpan heartbeat, TimeSpan shortest) => new(
        "DispatcherHeartbeatTooShort",
        ErrorKind.InvalidArgument,
        $"The dispatcher's heartbeat cannot be {heartbeat}; {shortest} is the shortest.",
        "Give at least one second with -DispatcherHeartbeat; 15 to 30 s suit a WAN.",
        heartbeat);

    private static string Of(IEnumerable<Docker.DotNet.Models.Peer>? managers) =>
        managers?.Select(manager => manager.Addr).ToList() is { Count: > 0 } addresses ? $", with the managers {string.Join(", ", addresses)}" : "";

    private static string Names(IReadOnlyList<SwarmNode> nodes) => string.Join(", ", nodes.Select(node => node.Name));
}
