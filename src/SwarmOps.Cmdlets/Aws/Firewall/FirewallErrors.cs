namespace SwarmOps.Aws;

/// <summary>What can be wrong with a cluster's security groups (docs/errors/aws.md).</summary>
internal static class FirewallErrors
{
    public static SwarmOpsException AllowSshFromInvalid(string text) => new(
        "AllowSshFromInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is neither an address nor a network in CIDR form (host bits must be zero).",
        "Give addresses or networks such as 203.0.113.7 or 198.51.100.0/24 with -AllowSshFrom.",
        text);

    public static SwarmOpsException AllowSshFromTooLong(int longest) => new(
        "AllowSshFromTooLong",
        ErrorKind.InvalidArgument,
        $"The networks of -AllowSshFrom are more than {longest} characters together; they are kept in a tag of the security group.",
        "Give fewer, larger networks with -AllowSshFrom.");

    public static SwarmOpsException PublishPortInvalid(int port) => new(
        "PublishPortInvalid", ErrorKind.InvalidArgument, $"{port} is not a port.", "Give ports from 1 to 65535 with -PublishPort.", port);

    public static SwarmOpsException PublishPortReserved(int port) => new(
        "PublishPortReserved",
        ErrorKind.Security,
        $"Port {port} is not published to the world: 2377 and 7946 are for the nodes of the swarm alone, 22 has a parameter of its own.",
        "Leave it out of -PublishPort; give the networks for SSH with -AllowSshFrom.",
        port);

    public static SwarmOpsException FirewallNotFound(string cluster) => new(
        "FirewallNotFound",
        ErrorKind.NotFound,
        $"No region has a security group of the cluster '{cluster}'.",
        "Get-SwarmRegionNode -Cluster * lists the clusters; New-SwarmRegionNode makes a cluster and its security groups.",
        cluster);

    public static SwarmOpsException FirewallTagInvalid(string cluster, string region, Amazon.EC2.Model.SecurityGroup group, string text) => new(
        "FirewallTagInvalid",
        ErrorKind.InvalidData,
        $"The tags of the security group {group.GroupId} in {region} say '{text}' where networks and ports stand, with spaces between them: what it is to let in is unknown, and it was left alone.",
        $"Give both anew: Sync-SwarmFirewall -Cluster {cluster} -Region {region} -AllowSshFrom ... -PublishPort ....",
        group.GroupId);

    public static SwarmOpsException NodeOutsideFirewall(SwarmNode node) => new(
        "NodeOutsideFirewall",
        ErrorKind.Security,
        $"'{node.Name}' ({node.InstanceId} in {node.Region}) has none of the cluster's security groups: these rules do not protect it, nor let its peers in.",
        $"Run the New-SwarmRegionNode that made '{node.Name}' again: it gives the node its group.",
        node);

    public static SwarmOpsException FirewallNotInSync(SwarmFirewall firewall, FirewallDrift drift, TimeSpan timeout) => new(
        "FirewallNotInSync",
        ErrorKind.Timeout,
        $"The rules of {firewall} still differ after {timeout.TotalSeconds:0} s: {drift.Missing.Count} are missing, {drift.Surplus.Count} are too much.",
        $"Something else may be changing the group {firewall.GroupId}: stop it, then Sync-SwarmFirewall -Cluster {firewall.Cluster}.",
        firewall);
}
