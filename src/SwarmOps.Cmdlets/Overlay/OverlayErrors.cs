using System.Net;
using SwarmOps.Nodes;

namespace SwarmOps.Overlay;

/// <summary>Errors of overlay networks, each with its id and recommended action (docs/errors/overlay.md).</summary>
internal static class OverlayErrors
{
    public static SwarmOpsException OverlayNameInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not a valid name for an overlay network.",
            "Use 1 to 63 letters, digits, '-' and '_'; the first and the last must be a letter or a digit.",
            name
        );

    public static SwarmOpsException OverlayNameReserved(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is reserved: every engine has a network with this name.",
            "Choose another name with -Name.",
            name
        );

    public static SwarmOpsException MtuInvalid(int mtu) =>
        new(
            ErrorKind.InvalidArgument,
            $"An MTU of {mtu} bytes is not possible.",
            $"Specify {OverlayRules.SmallestMtu} to {OverlayRules.LargestMtu}: the smallest MTU between the nodes. The engine subtracts the overhead of VXLAN and ESP (docs/networking.md).",
            mtu
        );

    public static SwarmOpsException OverlayLabelInvalid(string key) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{key}' is not a valid label name.",
            "Specify -Label as a hashtable of names and values, such as @{ stage = 'test' }; a name must not be empty or contain '='.",
            key
        );

    public static SwarmOpsException SubnetInvalid(string text) =>
        new(ErrorKind.InvalidArgument, $"'{text}' is not an IPv4 subnet.", "Specify it in CIDR form, such as 10.20.0.0/24.", text);

    public static SwarmOpsException SubnetIPv6NotSupported(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is an IPv6 subnet, and Docker's overlay networks support IPv4 only.",
            "Specify an IPv4 subnet, such as 10.20.0.0/24.",
            text
        );

    public static SwarmOpsException SubnetHostBitsSet(string text, Ipv4Subnet subnet) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is an address in the subnet {subnet}, not the subnet.",
            $"Specify -Subnet {subnet}.",
            text
        );

    public static SwarmOpsException SubnetTooSmall(Ipv4Subnet subnet, string why) =>
        new(
            ErrorKind.InvalidArgument,
            $"The subnet {subnet} is too small: {why}.",
            "Specify a larger subnet; /24 (254 addresses) is Docker's default.",
            subnet.ToString()
        );

    public static SwarmOpsException SubnetTooLarge(Ipv4Subnet subnet, int shortestPrefix) =>
        new(
            ErrorKind.InvalidArgument,
            $"The subnet {subnet} is too large: it would cover addresses that other networks need.",
            $"Specify /{shortestPrefix} or smaller; /24 (254 addresses) is Docker's default.",
            subnet.ToString()
        );

    public static SwarmOpsException SubnetReserved(Ipv4Subnet subnet, Ipv4Subnet range, string what) =>
        new(
            ErrorKind.InvalidArgument,
            $"The subnet {subnet} overlaps with {range}, which is reserved ({what}): containers cannot have addresses there.",
            "Choose a subnet of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
            subnet.ToString()
        );

    public static SwarmOpsException SubnetGivenTwice(Ipv4Subnet subnet, Ipv4Subnet other) =>
        new(
            ErrorKind.InvalidArgument,
            $"The subnets {other} and {subnet} of -Subnet overlap.",
            "Specify subnets that do not overlap.",
            subnet.ToString()
        );

    public static SwarmOpsException SubnetOverlaps(Ipv4Subnet subnet, string other) =>
        new(
            ErrorKind.AlreadyExists,
            $"The subnet {subnet} overlaps with {other}.",
            "Choose another subnet, or omit -Subnet: the swarm then allocates a free one from its address pool. Get-SwarmOverlay -IncludeIngress shows the subnets in use.",
            subnet.ToString()
        );

    public static SwarmOpsException GatewayInvalid(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is not an IPv4 address.",
            "Specify with -Gateway an address of the subnet, such as 10.20.0.1, or omit it.",
            text
        );

    public static SwarmOpsException GatewayWithoutSubnet(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"The gateway {text} was specified without a subnet.",
            "Specify -Subnet too, or omit -Gateway.",
            text
        );

    public static SwarmOpsException GatewayNotInSubnet(IPAddress gateway, IReadOnlyList<Ipv4Subnet> subnets) =>
        new(
            ErrorKind.InvalidArgument,
            $"The gateway {gateway} is not in {string.Join(", ", subnets)}.",
            "Specify an address of the subnet, or omit -Gateway: the engine then uses the first one.",
            gateway.ToString()
        );

    public static SwarmOpsException GatewayNotUsable(IPAddress gateway, Ipv4Subnet subnet) =>
        new(
            ErrorKind.InvalidArgument,
            $"The gateway {gateway} is the network or broadcast address of {subnet}.",
            "Specify another address of the subnet, or omit -Gateway: the engine then uses the first one.",
            gateway.ToString()
        );

    public static SwarmOpsException GatewayGivenTwice(IPAddress gateway, IPAddress other, Ipv4Subnet subnet) =>
        new(
            ErrorKind.InvalidArgument,
            $"The subnet {subnet} has two gateways: {other} and {gateway}.",
            "Specify one gateway per subnet.",
            gateway.ToString()
        );

    public static SwarmOpsException OverlayDiffers(string name, IReadOnlyList<string> differences) =>
        new(
            ErrorKind.AlreadyExists,
            $"The swarm already has an overlay network '{name}' with different settings: {string.Join("; ", differences)}.",
            $"An overlay network cannot be changed. Specify the settings of the existing network, choose another name, or remove it first: ... | Remove-SwarmOverlay -Name {name}.",
            name
        );

    public static SwarmOpsException NetworkNameTaken(string name, string driver, string scope) =>
        new(
            ErrorKind.AlreadyExists,
            $"The swarm already has a network '{name}' that is not an overlay network (driver {driver}, scope {scope}).",
            "Choose another name with -Name, or remove that network: docker network rm.",
            name
        );

    public static SwarmOpsException LocalNetworkExists(string name, SwarmNode node, string driver) =>
        new(
            ErrorKind.AlreadyExists,
            $"'{node.Name}' has a local network (driver {driver}) named '{name}': on that node the name would be ambiguous.",
            $"Choose another name with -Name, or remove the local network on '{node.Name}': docker network rm {name}.",
            node
        );

    public static SwarmOpsException OverlayNotAllocated(string name, string swarmId, TimeSpan waited, bool removed) =>
        new(
            ErrorKind.Timeout,
            $"The swarm did not allocate a subnet for the overlay network '{name}' within {waited.TotalSeconds:0} s.{(removed ? " The network was removed again." : "")}",
            "Search the leader's engine log (journalctl -u docker) for 'allocat'. Most often the address pool is exhausted: specify -Subnet. Or wait longer with -TimeoutSeconds.",
            swarmId
        );

    public static SwarmOpsException OverlayNotSeenByManager(string name, SwarmNode manager, TimeSpan waited) =>
        new(
            ErrorKind.Timeout,
            $"The manager '{manager.Name}' does not list the overlay network '{name}' after {waited.TotalSeconds:0} s.",
            "Check the managers with Get-Swarm; when all are Reachable, run the same command again.",
            manager
        );

    public static SwarmOpsException OverlayNotFound(string name, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"The swarm {swarmId} has no overlay network '{name}'.",
            "List the existing networks with Get-SwarmOverlay.",
            name
        );

    public static SwarmOpsException OverlayIsIngress(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is the swarm's routing mesh: services that publish ports need it.",
            "Keep it. To remove it anyway, run docker network rm on a manager.",
            name
        );

    public static SwarmOpsException OverlayInUse(string name, IReadOnlyList<string> users, Exception? cause = null) =>
        new(
            ErrorKind.InvalidState,
            $"The overlay network '{name}' is in use by {string.Join(", ", users)}.",
            "Remove or disconnect them first, then run the same command again.",
            name,
            cause
        );

    public static SwarmOpsException OverlayNotGone(string name, SwarmNode node, TimeSpan waited) =>
        new(
            ErrorKind.Timeout,
            $"'{node.Name}' still has the overlay network '{name}' {waited.TotalSeconds:0} s after the swarm removed it.",
            "Check for containers on the network there (docker network inspect), then run the same command again.",
            node
        );

    public static SwarmOpsException NoNodeGiven(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"The overlay network '{name}' has no node set.",
            "Specify the nodes of its swarm with -Node, or pass an object from New-EncryptedOverlay or Get-SwarmOverlay.",
            name
        );

    public static SwarmOpsException OverlayNotAttachable(string name) =>
        new(
            ErrorKind.InvalidState,
            $"The network '{name}' is not attachable: it accepts services only, and probes are standalone containers.",
            $"Create it again as attachable: Remove-SwarmOverlay -Name {name}, then New-EncryptedOverlay without -NotAttachable.",
            name
        );

    public static SwarmOpsException TooFewNodesToTest(int count) =>
        new(
            ErrorKind.InvalidArgument,
            $"{count} {(count == 1 ? "node" : "nodes")} of the node set {(count == 1 ? "is" : "are")} in the swarm; a path needs two nodes.",
            "Pass all nodes of the swarm.",
            count
        );

    public static SwarmOpsException OverlayProbeFailed(SwarmNode node, string why, Exception? cause) =>
        new(
            ErrorKind.Engine,
            $"The probe on '{node.Name}' is not running: {why}.",
            "Check that the host has perl in /usr/bin, or specify an image that has it: -ProbeImage perl:slim.",
            node,
            cause
        );

    public static SwarmOpsException QuietMatrix() =>
        new(
            ErrorKind.InvalidArgument,
            "-Quiet returns true or false, -Matrix a matrix: specify one of them. Nothing was tested.",
            "Omit -Quiet for the matrix, or -Matrix for true or false."
        );

    /// <summary>The network is not proven to work.</summary>
    /// <param name="name">Name of the network.</param>
    /// <param name="isLossy">Whether a path that was tested has a problem; otherwise paths could not be tested.</param>
    /// <param name="sentences">One sentence per cause.</param>
    public static SwarmOpsException OverlayNotSound(string name, bool isLossy, IReadOnlyList<string> sentences) =>
        new(
            ErrorKind.InvalidState,
            $"The network '{name}' exists, but {(isLossy ? "packets do not arrive" : "not all paths could be tested")}: {string.Join(" ", sentences)}",
            $"Fix the reported causes, then test again: Test-SwarmOverlay -Name {name}.",
            name
        );
}
