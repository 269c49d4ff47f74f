using System.Net;
using SwarmOps.Nodes;

namespace SwarmOps.Overlay;

/// <summary>What can be wrong with an overlay network, each with its id and the next step (docs/errors/overlay.md).</summary>
internal static class OverlayErrors
{
    public static SwarmOpsException OverlayNameInvalid(string name) => new(
        "OverlayNameInvalid",
        ErrorKind.InvalidArgument,
        $"'{name}' cannot be the name of an overlay network.",
        "Use 1 to 63 letters, digits, '-' and '_'; the first and the last must be a letter or a digit.",
        name);

    public static SwarmOpsException OverlayNameReserved(string name) => new(
        "OverlayNameReserved",
        ErrorKind.InvalidArgument,
        $"'{name}' is a name that every engine uses for itself.",
        "Choose another name with -Name.",
        name);

    public static SwarmOpsException MtuInvalid(int mtu) => new(
        "MtuInvalid",
        ErrorKind.InvalidArgument,
        $"An MTU of {mtu} bytes is not possible.",
        $"Give {OverlayRules.SmallestMtu} to {OverlayRules.LargestMtu}. It is the smallest MTU between the nodes; the engine takes off what VXLAN and ESP add (docs/networking.md).",
        mtu);

    public static SwarmOpsException LabelInvalid(string key) => new(
        "LabelInvalid",
        ErrorKind.InvalidArgument,
        $"'{key}' cannot be the name of a label.",
        "Give -Label a table of names and values, such as @{ stage = 'test' }; a name is not empty and has no '='.",
        key);

    public static SwarmOpsException SubnetInvalid(string text) => new(
        "SubnetInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is not an IPv4 subnet.",
        "Write it in CIDR form, such as 10.20.0.0/24.",
        text);

    public static SwarmOpsException SubnetIPv6NotSupported(string text) => new(
        "SubnetIPv6NotSupported",
        ErrorKind.InvalidArgument,
        $"'{text}' is an IPv6 subnet, and Docker's overlay networks carry IPv4 only.",
        "Give an IPv4 subnet, such as 10.20.0.0/24.",
        text);

    public static SwarmOpsException SubnetHostBitsSet(string text, Ipv4Subnet subnet) => new(
        "SubnetHostBitsSet",
        ErrorKind.InvalidArgument,
        $"'{text}' is an address in the subnet {subnet}, not the subnet.",
        $"Write -Subnet {subnet} if that is what was meant.",
        text);

    public static SwarmOpsException SubnetTooSmall(Ipv4Subnet subnet, string why) => new(
        "SubnetTooSmall",
        ErrorKind.InvalidArgument,
        $"The subnet {subnet} is too small: {why}.",
        "Give a larger one; /24 (254 addresses) is Docker's default.",
        subnet.ToString());

    public static SwarmOpsException SubnetTooLarge(Ipv4Subnet subnet, int shortestPrefix) => new(
        "SubnetTooLarge",
        ErrorKind.InvalidArgument,
        $"The subnet {subnet} is too large: it would take addresses that others need.",
        $"Give /{shortestPrefix} or smaller; /24 (254 addresses) is Docker's default.",
        subnet.ToString());

    public static SwarmOpsException SubnetReserved(Ipv4Subnet subnet, Ipv4Subnet range, string what) => new(
        "SubnetReserved",
        ErrorKind.InvalidArgument,
        $"The subnet {subnet} touches {range}, which is set aside ({what}): no container can have an address there.",
        "Choose one from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
        subnet.ToString());

    public static SwarmOpsException SubnetGivenTwice(Ipv4Subnet subnet, Ipv4Subnet other) => new(
        "SubnetGivenTwice",
        ErrorKind.InvalidArgument,
        $"The subnets {other} and {subnet} of -Subnet overlap.",
        "Give subnets that share no address.",
        subnet.ToString());

    public static SwarmOpsException SubnetOverlaps(Ipv4Subnet subnet, string other) => new(
        "SubnetOverlaps",
        ErrorKind.AlreadyExists,
        $"The subnet {subnet} overlaps with {other}.",
        "Choose another subnet, or leave -Subnet away: the swarm then takes a free one from its pool. Get-SwarmOverlay -IncludeIngress shows what is taken.",
        subnet.ToString());

    public static SwarmOpsException GatewayInvalid(string text) => new(
        "GatewayInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is not an IPv4 address.",
        "Give -Gateway an address of the subnet, such as 10.20.0.1, or leave it out.",
        text);

    public static SwarmOpsException GatewayWithoutSubnet(string text) => new(
        "GatewayWithoutSubnet",
        ErrorKind.InvalidArgument,
        $"The gateway {text} was given without a subnet.",
        "Give -Subnet too, or leave -Gateway away.",
        text);

    public static SwarmOpsException GatewayNotInSubnet(IPAddress gateway, IReadOnlyList<Ipv4Subnet> subnets) => new(
        "GatewayNotInSubnet",
        ErrorKind.InvalidArgument,
        $"The gateway {gateway} is not in {string.Join(", ", subnets)}.",
        "Give an address of the subnet, or leave -Gateway away: the engine then takes the first one.",
        gateway.ToString());

    public static SwarmOpsException GatewayNotUsable(IPAddress gateway, Ipv4Subnet subnet) => new(
        "GatewayNotUsable",
        ErrorKind.InvalidArgument,
        $"The gateway {gateway} is the network or broadcast address of {subnet}.",
        "Give another address of the subnet, or leave -Gateway away: the engine then takes the first one.",
        gateway.ToString());

    public static SwarmOpsException GatewayGivenTwice(IPAddress gateway, IPAddress other, Ipv4Subnet subnet) => new(
        "GatewayGivenTwice",
        ErrorKind.InvalidArgument,
        $"The subnet {subnet} has two gateways: {other} and {gateway}.",
        "Give one gateway a subnet.",
        gateway.ToString());

    public static SwarmOpsException OverlayDiffers(string name, IReadOnlyList<string> differences) => new(
        "OverlayDiffers",
        ErrorKind.AlreadyExists,
        $"The swarm has an overlay network '{name}' that is different: {string.Join("; ", differences)}.",
        $"Give what the network is, choose another name, or remove it first: ... | Remove-SwarmOverlay -Name {name}. An overlay network cannot be changed.",
        name);

    public static SwarmOpsException NetworkNameTaken(string name, string driver, string scope) => new(
        "NetworkNameTaken",
        ErrorKind.AlreadyExists,
        $"The swarm has a network '{name}' that is no overlay network (driver {driver}, scope {scope}).",
        "Choose another name with -Name, or remove that network: docker network rm.",
        name);

    public static SwarmOpsException LocalNetworkExists(string name, SwarmNode node, string driver) => new(
        "LocalNetworkExists",
        ErrorKind.AlreadyExists,
        $"'{node.Name}' has a network of its own (driver {driver}) with the name '{name}': containers there would not know which one is meant.",
        $"Choose another name with -Name, or remove the local one on '{node.Name}': docker network rm {name}.",
        node);

    public static SwarmOpsException OverlayNotAllocated(string name, string swarmId, TimeSpan waited, bool removed) => new(
        "OverlayNotAllocated",
        ErrorKind.Timeout,
        $"The swarm did not give the overlay network '{name}' its addresses within {waited.TotalSeconds:0} s.{(removed ? " It was removed again." : "")}",
        "Look at the leader's engine log (journalctl -u docker) for 'allocat'; most often the address pool is used up: give -Subnet. Or wait longer with -TimeoutSeconds.",
        swarmId);

    public static SwarmOpsException OverlayNotSeenByManager(string name, SwarmNode manager, TimeSpan waited) => new(
        "OverlayNotSeenByManager",
        ErrorKind.Timeout,
        $"The manager '{manager.Name}' does not know the overlay network '{name}' after {waited.TotalSeconds:0} s.",
        "Look at the managers with Get-Swarm; when all are reachable, run the same command again.",
        manager);

    public static SwarmOpsException OverlayNotFound(string name, string swarmId) => new(
        "OverlayNotFound",
        ErrorKind.NotFound,
        $"The swarm {swarmId} has no overlay network '{name}'.",
        "Get-SwarmOverlay lists those there are.",
        name);

    public static SwarmOpsException OverlayIsIngress(string name) => new(
        "OverlayIsIngress",
        ErrorKind.InvalidArgument,
        $"'{name}' is the swarm's routing mesh: services that publish ports need it.",
        "Leave it. If it must go, use docker network rm on a manager.",
        name);

    public static SwarmOpsException OverlayInUse(string name, IReadOnlyList<string> users, Exception? cause = null) => new(
        "OverlayInUse",
        ErrorKind.InvalidState,
        $"The overlay network '{name}' is in use by {string.Join(", ", users)}.",
        "Remove or disconnect them first, then run the same command again.",
        name,
        cause);

    public static SwarmOpsException OverlayNotGone(string name, SwarmNode node, TimeSpan waited) => new(
        "OverlayNotGone",
        ErrorKind.Timeout,
        $"'{node.Name}' still has the overlay network '{name}' {waited.TotalSeconds:0} s after the swarm gave it up.",
        "Look for containers on it there (docker network inspect) and run the same command again.",
        node);

    public static SwarmOpsException NodeNotInSwarm(SwarmNode node, string swarmId) => new(
        "NodeNotInSwarm",
        ErrorKind.InvalidState,
        $"'{node.Name}' is not a member of the swarm {swarmId}.",
        "Join it first: ... | Join-SwarmAsWorker. Or leave it out of the set.",
        node);

    public static SwarmOpsException NoNodeGiven(string name) => new(
        "NoNodeGiven",
        ErrorKind.InvalidArgument,
        $"There are no nodes through which the overlay network '{name}' could be reached.",
        "Give the nodes of its swarm with -Node, or an overlay as New-EncryptedOverlay or Get-SwarmOverlay gave it.",
        name);

    public static SwarmOpsException OverlayNotAttachable(string name) => new(
        "OverlayNotAttachable",
        ErrorKind.InvalidState,
        $"The network '{name}' takes services only, and the probes that prove it are stand-alone containers.",
        $"Make it attachable: Remove-SwarmOverlay -Name {name}, then New-EncryptedOverlay without -NotAttachable.",
        name);

    public static SwarmOpsException TooFewNodesToTest(int count) => new(
        "TooFewNodesToTest",
        ErrorKind.InvalidArgument,
        $"{count} node(s) of the set are in the swarm; a way needs two.",
        "Pass all nodes of the swarm.",
        count);

    public static SwarmOpsException OverlayProbeFailed(SwarmNode node, string why, Exception? cause) => new(
        "OverlayProbeFailed",
        ErrorKind.Engine,
        $"The probe on '{node.Name}' does not run: {why}.",
        "See that the host has perl in /usr/bin, or give an image that has it: -ProbeImage perl:slim.",
        node,
        cause);

    public static SwarmOpsException OverlayNotSound(string name, IReadOnlyList<string> sentences) => new(
        "OverlayNotSound",
        ErrorKind.InvalidState,
        $"The network '{name}' stands, and its packets do not arrive: {string.Join(" ", sentences)}",
        $"Do what it says, then: Test-SwarmOverlay -Name {name}.",
        name);
}
