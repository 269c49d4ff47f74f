using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using SwarmOps.Nodes;

namespace SwarmOps.Overlay;

/// <summary>Validates a requested overlay network, without querying any node.</summary>
internal static partial class OverlayRules
{
    /// <summary>The smallest MTU that every IPv4 host must accept (RFC 791).</summary>
    public const int SmallestMtu = 576;

    /// <summary>The largest MTU of a Linux interface.</summary>
    public const int LargestMtu = 65535;

    private const int LongestName = 63;
    private const int ShortestPrefix = 8;
    private const int LongestPrefix = 29;

    /// <summary>Names that every engine reserves (moby: pre-defined networks, the routing mesh and its bridge).</summary>
    private static readonly string[] ReservedNames = ["bridge", "host", "none", "default", "ingress", "docker_gwbridge"];

    /// <summary>Ranges in which no container can have an address (RFC 6890).</summary>
    private static readonly (Ipv4Subnet Range, string What)[] ReservedRanges =
    [
        (Range("0.0.0.0/8"), "\"this network\""),
        (Range("127.0.0.0/8"), "loopback"),
        (Range("169.254.0.0/16"), "link-local"),
        (Range("224.0.0.0/4"), "multicast"),
        (Range("240.0.0.0/4"), "reserved"),
    ];

    /// <summary>Checks a request.</summary>
    /// <exception cref="SwarmOpsException">The first error in it.</exception>
    public static OverlayPlan Check(OverlayRequest request)
    {
        CheckName(request.Name);
        if (request.Mtu is { } mtu && mtu is < SmallestMtu or > LargestMtu)
            throw OverlayErrors.MtuInvalid(mtu);
        if (
            request.Labels.Keys.FirstOrDefault(key => string.IsNullOrWhiteSpace(key) || key.Contains('=', StringComparison.Ordinal)) is
            { } label
        )
            throw OverlayErrors.OverlayLabelInvalid(label);
        return new OverlayPlan(request, PairGateways(CheckSubnets(request.Subnet), request.Gateway));
    }

    /// <summary>Checks the name of a network: swarm accepts DNS labels and underscores (swarmkit, control API).</summary>
    /// <exception cref="SwarmOpsException"><c>OverlayNameInvalid</c>, <c>OverlayNameReserved</c>.</exception>
    public static void CheckName(string name)
    {
        if (name.Length > LongestName || !NamePattern().IsMatch(name))
            throw OverlayErrors.OverlayNameInvalid(name);
        if (ReservedNames.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw OverlayErrors.OverlayNameReserved(name);
    }

    /// <summary>Checks that the subnet is large enough for the swarm: besides network, broadcast and gateway address, each node needs one for its load balancer.</summary>
    /// <exception cref="SwarmOpsException"><c>SubnetTooSmall</c>.</exception>
    public static void CheckRoom(OverlayPlan plan, int memberCount)
    {
        const int networkBroadcastAndGateway = 3;
        var room = plan.Subnets.Sum(part => part.Subnet.Size - networkBroadcastAndGateway);
        if (plan.Subnets.Count > 0 && room <= memberCount)
            throw OverlayErrors.SubnetTooSmall(
                plan.Subnets[0].Subnet,
                $"it has {room} usable addresses, and each of the swarm's {memberCount} nodes needs one before the first container"
            );
    }

    private static List<Ipv4Subnet> CheckSubnets(IReadOnlyList<string> texts)
    {
        var subnets = new List<Ipv4Subnet>();
        foreach (var text in texts)
        {
            var subnet = CheckSubnet(text);
            if (subnets.FindIndex(other => other.Overlaps(subnet)) is >= 0 and var twice)
                throw OverlayErrors.SubnetGivenTwice(subnet, subnets[twice]);
            subnets.Add(subnet);
        }

        return subnets;
    }

    private static Ipv4Subnet CheckSubnet(string text)
    {
        if (IsIPv6(text))
            throw OverlayErrors.SubnetIPv6NotSupported(text);
        if (!Ipv4Subnet.TryParse(text, out var subnet, out var given))
            throw OverlayErrors.SubnetInvalid(text);
        if (!given.Equals(subnet.First))
            throw OverlayErrors.SubnetHostBitsSet(text, subnet);
        if (subnet.PrefixLength < ShortestPrefix)
            throw OverlayErrors.SubnetTooLarge(subnet, ShortestPrefix);
        if (subnet.PrefixLength > LongestPrefix)
            throw OverlayErrors.SubnetTooSmall(
                subnet,
                $"/{LongestPrefix} is the smallest with room for a gateway, the nodes and a container"
            );
        foreach (var (range, what) in ReservedRanges)
        {
            if (range.Overlaps(subnet))
                throw OverlayErrors.SubnetReserved(subnet, range, what);
        }

        return subnet;
    }

    private static List<(Ipv4Subnet Subnet, IPAddress? Gateway)> PairGateways(List<Ipv4Subnet> subnets, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0 && subnets.Count == 0)
            throw OverlayErrors.GatewayWithoutSubnet(texts[0]);
        var gateways = new IPAddress?[subnets.Count];
        foreach (var text in texts)
        {
            if (!Ipv4Subnet.TryParseAddress(text, out var gateway))
                throw OverlayErrors.GatewayInvalid(text);
            var index = subnets.FindIndex(subnet => subnet.Contains(gateway));
            if (index < 0)
                throw OverlayErrors.GatewayNotInSubnet(gateway, subnets);
            if (gateway.Equals(subnets[index].First) || gateway.Equals(subnets[index].Last))
                throw OverlayErrors.GatewayNotUsable(gateway, subnets[index]);
            if (gateways[index] is { } other)
                throw OverlayErrors.GatewayGivenTwice(gateway, other, subnets[index]);
            gateways[index] = gateway;
        }

        return [.. subnets.Zip(gateways)];
    }

    private static bool IsIPv6(string text) =>
        IPAddress.TryParse(text.Split('/')[0], out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static Ipv4Subnet Range(string text) =>
        Ipv4Subnet.TryParse(text, out var range, out _) ? range : throw new FormatException(text);

    [GeneratedRegex("^[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
