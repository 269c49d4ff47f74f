using System.Globalization;
using SwarmOps.Nodes;
using SwarmOps.Nodes.Reachability;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;
using SwarmOps.Transport;

namespace SwarmOps.Overlay.Proof;

/// <summary>Reads facts about the hosts: kernel features and counters, and their state in the swarm.</summary>
/// <param name="context">The context of the cmdlet.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="throttleLimit">How many nodes are queried at the same time.</param>
internal sealed class ProbeHosts(IOperationContext context, SwarmSession swarm, int throttleLimit)
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(30);

    // While probes are running, the engine has passed its keys to the kernel: a kernel without ESP has rejected them.
    private const string Script = """
        awk '$1 == "Udp:" { if (!n) { for (i = 1; i <= NF; i++) if ($i == "InCsumErrors") n = i } else { print "checksum", $n; exit } }' /proc/net/snmp
        PATH=$PATH:/usr/sbin:/sbin
        command -v ip >/dev/null 2>&1 && if ip xfrm state 2>/dev/null | grep -q 'proto esp'; then echo 'ipsec yes'; else echo 'ipsec no'; fi
        """;

    private readonly Dictionary<string, long> before = new(StringComparer.Ordinal);

    /// <summary>Stores the counters before the test.</summary>
    public async Task RememberAsync(IReadOnlyList<NodeObservation> members)
    {
        foreach (var look in await LookAsync(members).ConfigureAwait(false))
            before[look.Name] = look.Checksum;
    }

    /// <summary>The facts about the hosts when all packets arrived, which needs no look at them.</summary>
    public IReadOnlyDictionary<string, ProbeHost> Describe(IReadOnlyList<NodeObservation> members) =>
        members.ToDictionary(
            member => member.Node.Name,
            member => new ProbeHost { Name = member.Node.Name, ControlIsSound = IsSound(member) }
        );

    /// <summary>The facts about the hosts after a test in which packets were lost.</summary>
    /// <param name="members">The nodes.</param>
    /// <param name="unattached">The nodes on which no probe could be attached.</param>
    /// <param name="strangers">Pairs of nodes of which the first neither resolves the name of the second nor receives a packet from it.</param>
    /// <param name="natRepair">The state of the NAT rule on them.</param>
    public async Task<IReadOnlyDictionary<string, ProbeHost>> DescribeAsync(
        IReadOnlyList<NodeObservation> members,
        IReadOnlyCollection<SwarmNode> unattached,
        IReadOnlyCollection<(SwarmNode From, SwarmNode To)> strangers,
        IReadOnlyList<NatRepairState> natRepair
    )
    {
        var gossip = await GossipAsync(
                members,
                [
                    .. strangers,
                    .. unattached.SelectMany(node => members.Where(member => member.Node != node).Select(member => (node, member.Node))),
                ]
            )
            .ConfigureAwait(false);
        var looks = (await LookAsync(members).ConfigureAwait(false)).ToDictionary(look => look.Name);
        return members.ToDictionary(
            member => member.Node.Name,
            member =>
            {
                var name = member.Node.Name;
                var look = looks.GetValueOrDefault(name);
                var rule = natRepair.FirstOrDefault(state => state.Node == name);
                return new ProbeHost
                {
                    Name = name,
                    ControlIsSound = IsSound(member),
                    IsAttached = !unattached.Contains(member.Node),
                    Gossip = gossip.Where(pair => pair.Key.From == member.Node).ToDictionary(pair => pair.Key.To.Name, pair => pair.Value),
                    HasIpsec = look?.HasIpsec,
                    ChecksumErrors = look is not null && before.TryGetValue(name, out var earlier) ? look.Checksum - earlier : null,
                    LacksNatRule = rule is { RuleNeeded: { } needed, RuleActive: { } active } ? needed && !active : null,
                };
            }
        );
    }

    /// <summary>For pairs of nodes, whether 7946/tcp of the second answers the first; pairs that could not be tested are absent.</summary>
    private async Task<IReadOnlyDictionary<(SwarmNode From, SwarmNode To), bool>> GossipAsync(
        IReadOnlyList<NodeObservation> members,
        IReadOnlyList<(SwarmNode From, SwarmNode To)> pairs
    )
    {
        var addresses = members.ToDictionary(member => member.Node, member => member.NodeAddress);
        List<(SwarmNode From, SwarmNode To)> tried = [.. pairs.Where(pair => addresses[pair.To].Length > 0)];
        if (tried.Count == 0)
            return new Dictionary<(SwarmNode, SwarmNode), bool>();
        var targets = tried
            .Select(pair => new ProbeTarget(pair.From, null, addresses[pair.To], ProbeProtocol.Tcp, SwarmPorts.Gossip))
            .ToList();
        var results = await new ReachabilityProbe(context) { ThrottleLimit = throttleLimit }
            .ProbeAsync(targets)
            .ConfigureAwait(false);
        return tried
            .Zip(results)
            .Where(entry => entry.Second.Outcome != ProbeOutcome.NotTested)
            .ToDictionary(entry => entry.First, entry => entry.Second.Reached);
    }

    /// <summary>Whether the swarm reports a node as Ready (a manager also as Reachable), and the node itself as active.</summary>
    public bool IsSound(NodeObservation member)
    {
        var listed = swarm.View.Find(member.NodeId);
        var isManager = listed?.Spec?.Role == "manager";
        return listed?.Status?.State == "ready" && (!isManager || (ManagerTally.IsReachable(listed) && member.IsManager));
    }

    private async Task<IReadOnlyList<HostLook>> LookAsync(IReadOnlyList<NodeObservation> members)
    {
        var looks = await Throttle.ForEachAsync(members, throttleLimit, TryLookAsync, context.CancellationToken).ConfigureAwait(false);
        return [.. looks.OfType<HostLook>()];
    }

    private async Task<HostLook?> TryLookAsync(NodeObservation member)
    {
        try
        {
            return await LookAsync(member).ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"{member.Node.Name}: could not read the kernel's counters: {error.Message}");
            return null;
        }
    }

    private async Task<HostLook> LookAsync(NodeObservation member)
    {
        var result = await member
            .Connection.RunAsync(new NodeCommand(Script) { AsRoot = true, Timeout = CommandLimit }, context.CancellationToken)
            .ConfigureAwait(false);
        var words = result
            .Output.Split('\n')
            .Select(line => line.Split(' '))
            .Where(line => line.Length == 2)
            .ToDictionary(line => line[0], line => line[1].Trim());
        bool? hasIpsec = words.TryGetValue("ipsec", out var ipsec) ? ipsec == "yes" : null;
        return new HostLook(member.Node.Name, long.Parse(words.GetValueOrDefault("checksum", "0"), CultureInfo.InvariantCulture), hasIpsec);
    }

    private sealed record HostLook(string Name, long Checksum, bool? HasIpsec);
}
