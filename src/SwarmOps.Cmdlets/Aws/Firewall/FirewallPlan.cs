using System.Net;
using SwarmOps.Swarm;

namespace SwarmOps.Aws;

/// <summary>The rules that a cluster's security group should have, and what it takes to get there. Pure arithmetic.</summary>
internal static class FirewallPlan
{
    /// <summary>The whole IPv4 internet.</summary>
    public const string World = "0.0.0.0/0";

    /// <summary>IP protocol number of ESP (RFC 4303): the encrypted overlay's packets.</summary>
    private const string Esp = "50";

    private const int Ssh = 22;

    /// <summary>The rules that a group should have.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="peers">All nodes of the cluster, in all regions.</param>
    /// <param name="intent">Who may use SSH, and what is published.</param>
    public static IReadOnlyList<SwarmFirewallRule> Wanted(string groupId, IReadOnlyList<FirewallPeer> peers, FirewallIntent intent)
    {
        var own = peers.Where(peer => peer.GroupIds.Contains(groupId)).ToList();
        // A node alone in its group needs no rule for itself; neighbours in a region reach each other at their public addresses, too.
        var outside = own.Count == 1 ? peers.Except(own) : peers;
        return
        [
            .. outside.SelectMany(peer => Swarm($"{peer.PublicAddress}/32", peer.Name)),
            // Not the VPC's range: only private addresses of nodes that have this group, whatever else is in the VPC.
            .. Swarm(groupId, "private addresses of the nodes in this VPC"),
            .. intent.AllowSshFrom.Select(source => Rule("tcp", Ssh, source, "SSH")),
            .. intent.PublishPort.Select(port => Rule("tcp", port, World, "published")),
        ];
    }

    /// <summary>From where rules let SSH in: networks only, as they can be recorded.</summary>
    public static IEnumerable<string> SshSources(IEnumerable<SwarmFirewallRule> rules) =>
        rules.Where(rule => rule is { Protocol: "tcp", FromPort: Ssh, ToPort: Ssh } && IPNetwork.TryParse(rule.Source, out _)).Select(rule => rule.Source);

    /// <summary>The single TCP ports that rules open to the world, but those of SSH and the swarm.</summary>
    public static IEnumerable<int> OpenPorts(IEnumerable<SwarmFirewallRule> rules) =>
        rules.Where(rule => rule is { Protocol: "tcp", FromPort: { } port, Source: World } && port == rule.ToPort && port is not (Ssh or SwarmPorts.Control or SwarmPorts.Gossip)).Select(rule => rule.FromPort!.Value);

    /// <summary>What a group lacks, and what it has too much.</summary>
    public static FirewallDrift Compare(IEnumerable<SwarmFirewallRule> wanted, IEnumerable<SwarmFirewallRule> present)
    {
        var (should, has) = (wanted.Distinct().ToList(), present.Distinct().ToList());
        return new FirewallDrift([.. should.Except(has)], [.. has.Except(should)]);
    }

    /// <summary>What the nodes of a swarm send each other.</summary>
    private static IEnumerable<SwarmFirewallRule> Swarm(string source, string purpose) =>
    [
        Rule("tcp", SwarmPorts.Control, source, purpose),
        Rule("tcp", SwarmPorts.Gossip, source, purpose),
        Rule("udp", SwarmPorts.Gossip, source, purpose),
        Rule("udp", SwarmPorts.DataPath, source, purpose),
        new SwarmFirewallRule { Protocol = Esp, Source = source, Purpose = purpose },
    ];

    private static SwarmFirewallRule Rule(string protocol, int port, string source, string purpose) =>
        new() { Protocol = protocol, FromPort = port, ToPort = port, Source = source, Purpose = purpose };
}
