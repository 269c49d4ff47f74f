using SwarmOps.Nodes;

namespace SwarmOps.Aws.Firewall;

/// <summary>The wanted rules of a cluster's security group, and the difference to the current ones. Pure functions.</summary>
internal static class FirewallPlan
{
    /// <summary>The whole IPv4 internet.</summary>
    public const string World = "0.0.0.0/0";

    /// <summary>IP protocol number of ESP (RFC 4303): packets of encrypted overlay networks.</summary>
    private const string Esp = "50";

    private const int Ssh = 22;

    /// <summary>The wanted rules of a group.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="peers">All nodes of the cluster, in all regions.</param>
    /// <param name="intent">The allowed SSH sources and published ports.</param>
    public static IReadOnlyList<SwarmFirewallRule> Wanted(string groupId, IReadOnlyList<FirewallPeer> peers, FirewallIntent intent)
    {
        var own = peers.Where(peer => peer.GroupIds.Contains(groupId)).ToList();
        // A single node in its group needs no rule for itself; nodes in one region also use each other's public addresses.
        var outside = own.Count == 1 ? peers.Except(own) : peers;
        return
        [
            .. outside.SelectMany(peer => Swarm($"{peer.PublicAddress}/32", peer.Name)),
            // The group as source, not the VPC's CIDR: this covers only the private addresses of nodes with this group.
            .. Swarm(groupId, "private addresses of the nodes in this VPC"),
            .. intent.AllowSshFrom.Select(source => Rule("tcp", Ssh, source, "SSH")),
            .. intent.PublishPort.Select(port => Rule(port.Protocol, port.Number, World, "published")),
        ];
    }

    /// <summary>The sources of SSH rules; only networks, since only these can be recorded.</summary>
    public static IEnumerable<string> SshSources(IEnumerable<SwarmFirewallRule> rules) =>
        rules
            .Where(rule => rule is { Protocol: "tcp", FromPort: Ssh, ToPort: Ssh } && SourceNetwork.IsNetwork(rule.Source))
            .Select(rule => rule.Source);

    /// <summary>The single ports that rules open to the internet, except those of SSH and the swarm.</summary>
    public static IEnumerable<OpenPort> OpenPorts(IEnumerable<SwarmFirewallRule> rules) =>
        rules
            .Where(rule =>
                rule is { Protocol: OpenPort.Tcp or OpenPort.Udp, FromPort: not null, Source: World } && rule.FromPort == rule.ToPort
            )
            .Select(rule => new OpenPort(rule.FromPort!.Value, rule.Protocol))
            .Where(port => !port.IsReserved);

    /// <summary>The traffic between nodes that a rule lets in, such as <c>2377/tcp</c>; empty when it concerns other ports only.</summary>
    public static IReadOnlyList<string> SwarmTrafficOf(SwarmFirewallRule rule) =>
        [.. Swarm(rule.Source, "").Where(part => Covers(rule, part)).Select(part => part.Traffic)];

    /// <summary>The missing and surplus rules of a group.</summary>
    public static FirewallDrift Compare(IEnumerable<SwarmFirewallRule> wanted, IEnumerable<SwarmFirewallRule> present)
    {
        var (should, has) = (wanted.Distinct().ToList(), present.Distinct().ToList());
        return new FirewallDrift([.. should.Except(has)], [.. has.Except(should)]);
    }

    private static bool Covers(SwarmFirewallRule rule, SwarmFirewallRule part) =>
        rule.Protocol == "all"
        || (
            rule.Protocol == part.Protocol
            && (part.FromPort is not { } port || (rule.FromPort ?? 0) <= port && port <= (rule.ToPort ?? port))
        );

    /// <summary>The traffic between the nodes of a swarm.</summary>
    private static IEnumerable<SwarmFirewallRule> Swarm(string source, string purpose) =>
        [
            Rule("tcp", SwarmPorts.Control, source, purpose),
            Rule("tcp", SwarmPorts.Gossip, source, purpose),
            Rule("udp", SwarmPorts.Gossip, source, purpose),
            Rule("udp", SwarmPorts.DataPath, source, purpose),
            new SwarmFirewallRule
            {
                Protocol = Esp,
                Source = source,
                Purpose = purpose,
            },
        ];

    private static SwarmFirewallRule Rule(string protocol, int port, string source, string purpose) =>
        new()
        {
            Protocol = protocol,
            FromPort = port,
            ToPort = port,
            Source = source,
            Purpose = purpose,
        };
}
