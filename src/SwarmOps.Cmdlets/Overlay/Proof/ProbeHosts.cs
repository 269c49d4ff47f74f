using System.Globalization;
using SwarmOps.Pipeline;
using SwarmOps.Swarm;
using SwarmOps.Transport;

namespace SwarmOps.Overlay.Proof;

/// <summary>Looks at the hosts beside the probes: what their kernels can and count, and how the swarm has them.</summary>
/// <param name="context">The stage that works.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="throttleLimit">How many nodes are asked at the same time.</param>
internal sealed class ProbeHosts(IOperationContext context, LocatedSwarm swarm, int throttleLimit)
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(30);

    // /proc/net/xfrm_stat is there when the kernel has IPsec.
    private const string Script = """
        awk '$1 == "Udp:" { if (!n) { for (i = 1; i <= NF; i++) if ($i == "InCsumErrors") n = i } else { print "checksum", $n; exit } }' /proc/net/snmp
        [ -e /proc/net/xfrm_stat ] && echo 'ipsec yes' || echo 'ipsec no'
        """;

    private readonly Dictionary<string, long> before = new(StringComparer.Ordinal);

    /// <summary>Remembers the counters before the test.</summary>
    public async Task RememberAsync(IReadOnlyList<NodeObservation> members)
    {
        foreach (var (name, counted, _) in await LookAsync(members).ConfigureAwait(false))
            before[name] = counted;
    }

    /// <summary>What is known of the hosts after the test.</summary>
    public async Task<IReadOnlyDictionary<string, ProbeHost>> DescribeAsync(IReadOnlyList<NodeObservation> members, IReadOnlyList<NatRepairState> natRepair)
    {
        var looks = (await LookAsync(members).ConfigureAwait(false)).ToDictionary(look => look.Name);
        return members.ToDictionary(member => member.Node.Name, member =>
        {
            var name = member.Node.Name;
            var seen = looks.TryGetValue(name, out var look);
            var rule = natRepair.FirstOrDefault(state => state.Node == name);
            return new ProbeHost
            {
                Name = name,
                ControlIsSound = IsSound(member),
                HasIpsec = seen ? look.HasIpsec : null,
                ChecksumErrors = seen && before.TryGetValue(name, out var earlier) ? look.Checksum - earlier : null,
                LacksNatRule = rule is { RuleNeeded: { } needed, RuleActive: { } active } ? needed && !active : null,
            };
        });
    }

    private bool IsSound(NodeObservation member)
    {
        var listed = swarm.View.Find(member.NodeId);
        var isManager = listed?.Spec?.Role == "manager";
        return listed?.Status?.State == "ready" && (!isManager || (ManagerTally.IsReachable(listed) && member.IsManager));
    }

    private async Task<IReadOnlyList<(string Name, long Checksum, bool HasIpsec)>> LookAsync(IReadOnlyList<NodeObservation> members)
    {
        using var gate = new SemaphoreSlim(throttleLimit);
        var looks = await Task.WhenAll(members.Select(async member =>
        {
            await gate.WaitAsync(context.CancellationToken).ConfigureAwait(false);
            try
            {
                var result = await member.Connection.RunAsync(new NodeCommand(Script) { Timeout = CommandLimit }, context.CancellationToken).ConfigureAwait(false);
                var words = result.Output.Split('\n').Select(line => line.Split(' ')).Where(line => line.Length == 2).ToDictionary(line => line[0], line => line[1].Trim());
                return (Seen: true, Look: (member.Node.Name, long.Parse(words.GetValueOrDefault("checksum", "0"), CultureInfo.InvariantCulture), words.GetValueOrDefault("ipsec") == "yes"));
            }
            catch (SwarmOpsException error)
            {
                context.WriteVerbose($"{member.Node.Name}: its kernel's counters are not known: {error.Message}");
                return (false, default);
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);
        return [.. looks.Where(look => look.Seen).Select(look => look.Look)];
    }
}
