using System.Net;
using SwarmOps.Nodes.Reachability;

namespace SwarmOps.Nodes.Preflight;

/// <summary>Checks the advertise address of each node: that it is an address, unique, and reachable from the other nodes' networks.</summary>
internal static class AdvertiseAddressCheck
{
    public const string Name = "AdvertiseAddress";

    /// <summary>The findings about the addresses.</summary>
    public static IEnumerable<NodeFinding> Judge(IReadOnlyList<NodeFacts> all, IReadOnlyList<ProbeResult> results)
    {
        var incoming = results
            .Where(result => result.Target.To is not null)
            .ToLookup(result => result.Target.To!, ReferenceEqualityComparer.Instance as IEqualityComparer<SwarmNode>);
        return all.Select(facts => Judge(facts, all, [.. incoming[facts.Node]]));
    }

    private static NodeFinding Judge(NodeFacts facts, IReadOnlyList<NodeFacts> all, List<ProbeResult> incoming)
    {
        const string action = "Specify the address by which the other nodes reach this node: New-SwarmNode -AdvertiseAddress.";
        if (string.IsNullOrEmpty(facts.Node.AdvertiseAddress))
            return facts.Finding(Name, FindingResult.Fail, "the node has no advertise address", action);
        if (NodeAddress.TryParse(facts.Node.AdvertiseAddress) is not { } address)
            return facts.Finding(
                Name,
                FindingResult.Fail,
                $"'{facts.Node.AdvertiseAddress}' is a host name: engines need an address, and silently ignore a name when they join",
                action
            );
        if (NodeAddress.Classify(address) is var kind && kind != AddressKind.Usable)
            return facts.Finding(Name, FindingResult.Fail, $"{address} is a {kind} address, which other nodes cannot reach", action);
        if (
            all.FirstOrDefault(other => !ReferenceEquals(other, facts) && other.Node.AdvertiseAddress == facts.Node.AdvertiseAddress) is
            { } twin
        )
            return facts.Finding(Name, FindingResult.Fail, $"'{twin.Node.Name}' advertises {address} too", action) with
            {
                Peer = twin.Node.Name,
            };
        return JudgeReach(facts, address, incoming);
    }

    private static NodeFinding JudgeReach(NodeFacts facts, IPAddress address, List<ProbeResult> incoming)
    {
        var senders = incoming.GroupBy(result => result.Target.From.Name).ToList();
        var cut = senders
            .Where(sender => sender.All(result => !result.Reached) && sender.Any(result => result.Failed))
            .Select(sender => sender.Key)
            .ToList();
        var whose = facts.AdvertisesOwnAddress switch
        {
            true => "the host's own address",
            false => "not the host's own address: it is behind NAT",
            null => "not verified, since the host could not be asked",
        };
        if (cut.Count == 0)
            return facts.Finding(Name, FindingResult.Pass, $"{address} is {whose}");
        var detail = $"{address} is {whose}, and cannot be reached from {string.Join(", ", cut)}";
        return NodeAddress.IsPrivate(address)
            ? facts.Finding(
                Name,
                FindingResult.Fail,
                detail + ": it is a private address, and those nodes are in another network",
                $"Advertise the public address: New-SwarmNode -AdvertiseAddress {facts.Node.PublicAddress ?? "<public address>"}; or connect the networks first."
            )
            : facts.Finding(
                Name,
                FindingResult.Fail,
                detail,
                "Check that the address belongs to the node, and that its firewall and security group allow the swarm's ports; the findings of each pair show which ports are blocked."
            );
    }
}
