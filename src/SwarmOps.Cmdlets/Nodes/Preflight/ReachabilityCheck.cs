using SwarmOps.Nodes.Reachability;

namespace SwarmOps.Nodes.Preflight;

/// <summary>What every node must be able to send to every other, and what to do on a failure.</summary>
internal static class ReachabilityCheck
{
    /// <summary>The ports and the protocol of swarm mode (Docker's documentation, "Getting started with swarm mode"; ESP: "Manage swarm service networks").</summary>
    private static readonly (ProbeProtocol Protocol, int Port)[] Services =
    [
        (ProbeProtocol.Tcp, SwarmPorts.Control),
        (ProbeProtocol.Tcp, SwarmPorts.Gossip),
        (ProbeProtocol.Udp, SwarmPorts.Gossip),
        (ProbeProtocol.Udp, SwarmPorts.DataPath),
        (ProbeProtocol.Esp, 0),
    ];

    /// <summary>All targets, from every node to every other node that has an address.</summary>
    public static IReadOnlyList<ProbeTarget> Targets(IReadOnlyList<SwarmNode> nodes) =>
        [
            .. from to in nodes
            where NodeAddress.TryParse(to.AdvertiseAddress ?? "") is { } address && NodeAddress.Classify(address) == AddressKind.Usable
            from sender in nodes
            where !ReferenceEquals(sender, to)
            from service in Services
            select new ProbeTarget(sender, to, to.AdvertiseAddress!, service.Protocol, service.Port),
        ];

    /// <summary>Converts results to findings.</summary>
    public static IEnumerable<NodeFinding> Judge(IReadOnlyList<ProbeResult> results)
    {
        var cut = results.GroupBy(Pair).Where(pair => pair.All(result => result.Failed)).Select(pair => pair.Key).ToHashSet();
        return results.Select(result => Judge(result, cut.Contains(Pair(result))));
    }

    private static (string From, string? To) Pair(ProbeResult result) => (result.Target.From.Name, result.Target.To?.Name);

    private static NodeFinding Judge(ProbeResult result, bool nothingArrives) =>
        new()
        {
            Node = result.Target.From.Name,
            Peer = result.Target.To?.Name,
            Check = result.Target.Service,
            Result =
                result.Reached ? FindingResult.Pass
                : result.Failed ? FindingResult.Fail
                : FindingResult.NotTested,
            Detail = result.Detail,
            RecommendedAction = result.Failed ? Action(result, nothingArrives) : "",
        };

    private static string Action(ProbeResult result, bool nothingArrives)
    {
        var (from, to) = (result.Target.From, result.Target.To!);
        if (nothingArrives && IsPrivate(result.Target.Address))
            return $"Advertise an address of '{to.Name}' that '{from.Name}' can reach, such as its public one: New-SwarmNode -AdvertiseAddress {to.PublicAddress ?? "<public address>"}; or connect the two private networks.";
        return result.Outcome switch
        {
            ProbeOutcome.WrongHost =>
                $"Specify the address by which the other nodes reach '{to.Name}': New-SwarmNode -AdvertiseAddress (now {result.Target.Address}).",
            ProbeOutcome.Unreachable =>
                $"Add a route to {result.Target.Address} on '{from.Name}', or advertise an address of '{to.Name}' that '{from.Name}' can reach (New-SwarmNode -AdvertiseAddress).",
            _ =>
                $"Open {Rule(result.Target)} on '{to.Name}' for {Source(from, result.Target.Address)} (firewall and security group), and outbound on '{from.Name}'.",
        };
    }

    private static bool IsPrivate(string text) => NodeAddress.TryParse(text) is { } address && NodeAddress.IsPrivate(address);

    private static string Rule(ProbeTarget target) =>
        target.Protocol == ProbeProtocol.Esp ? "IP protocol 50 (ESP, all ports)" : target.Service;

    /// <summary>The source address that the receiver sees: the private one only within private networks.</summary>
    private static string Source(SwarmNode from, string destination)
    {
        var source =
            (IsPrivate(destination) ? from.PrivateAddress ?? from.PublicAddress : from.PublicAddress ?? from.PrivateAddress)
            ?? from.AdvertiseAddress;
        if (source is null)
            return $"'{from.Name}'";
        return source + (source.Contains(':', StringComparison.Ordinal) ? "/128" : "/32");
    }
}
