namespace SwarmOps.Aws.Firewall;

/// <summary>The errors of a cluster's security groups (docs/errors/aws.md).</summary>
internal static class FirewallErrors
{
    public static SwarmOpsException AllowSshFromInvalid(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is neither an address nor a network in CIDR form (host bits must be zero).",
            "Specify addresses or networks such as 203.0.113.7 or 198.51.100.0/24 with -AllowSshFrom.",
            text
        );

    public static SwarmOpsException AllowSshFromTooLong(int longest) =>
        new(
            ErrorKind.InvalidArgument,
            $"The networks of -AllowSshFrom are longer than {longest} characters in total, the maximum for the tag of the security group that stores them.",
            "Specify fewer, larger networks with -AllowSshFrom."
        );

    public static SwarmOpsException PublishPortInvalid(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is not a port.",
            "Specify ports from 1 to 65535 with -PublishPort, such as 443 or 53/udp.",
            text
        );

    public static SwarmOpsException PublishPortReserved(OpenPort port) =>
        new(
            ErrorKind.Security,
            $"{port.ToRuleText()} cannot be opened to the internet: 2377, 7946 and 4789/udp are reserved for the nodes of the swarm, and 22 has its own parameter.",
            "Remove it from -PublishPort. Specify the networks for SSH with -AllowSshFrom.",
            port.ToString()
        );

    public static SwarmOpsException FirewallNotFound(string cluster) =>
        new(
            ErrorKind.NotFound,
            $"No region has a security group of the cluster '{cluster}'.",
            "List the clusters with Get-SwarmRegionNode -Cluster *, or create a cluster and its security groups with New-SwarmRegionNode.",
            cluster
        );

    public static SwarmOpsException FirewallTagInvalid(string cluster, string region, Amazon.EC2.Model.SecurityGroup group, string text) =>
        new(
            ErrorKind.InvalidData,
            $"The tags of the security group {group.GroupId} in {region} contain '{text}' instead of networks and ports separated by spaces. Its wanted rules are unknown, and it was not changed.",
            $"Set both tags again: Sync-SwarmFirewall -Cluster {cluster} -Region {region} -AllowSshFrom ... -PublishPort ....",
            group.GroupId
        );

    public static SwarmOpsException NodeOutsideFirewall(SwarmNode node) =>
        new(
            ErrorKind.Security,
            $"'{node.Name}' ({node.InstanceId} in {node.Region}) has none of the cluster's security groups: their rules neither protect it nor allow traffic from the other nodes.",
            $"Run New-SwarmRegionNode for '{node.Name}' with the same parameters again, which assigns the security group to the node.",
            node
        );

    public static SwarmOpsException FirewallNotInSync(SwarmFirewall firewall, FirewallDrift drift, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"The rules of {firewall} still differ after {timeout.TotalSeconds:0} s: {drift.Missing.Count} missing, {drift.Surplus.Count} surplus.",
            $"Another tool may be changing the security group {firewall.GroupId}. Stop it, then run Sync-SwarmFirewall -Cluster {firewall.Cluster}.",
            firewall
        );
}
