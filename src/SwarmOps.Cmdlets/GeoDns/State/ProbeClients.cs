using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Wire;

namespace SwarmOps.GeoDns.State;

/// <summary>A client that name servers are asked for.</summary>
/// <param name="From">What it stands for.</param>
/// <param name="Network">Its network; null for the asking machine itself.</param>
/// <param name="Order">The regions in the order in which it should be sent to them; empty when only the name server knows.</param>
internal sealed record ProbeClient(string From, DnsNetwork? Network, IReadOnlyList<string> Order)
{
    /// <summary>
    /// The clients to ask for: those that were specified; otherwise one for each mapped region, and with a database one in each continent.
    /// </summary>
    public static IReadOnlyList<ProbeClient> Of(GeoDnsDefinition definition, IReadOnlyList<DnsNetwork> specified)
    {
        if (specified.Count > 0)
            return [.. specified.Select(network => new ProbeClient(network.ToString(), network, OrderFor(definition, network)))];
        var mapped = definition
            .Networks.GroupBy(network => network.Value, StringComparer.Ordinal)
            .OrderBy(region => region.Key, StringComparer.Ordinal)
            .Select(region => Mapped(definition, region.Key, region.First().Key));
        var located = definition.Database is null
            ? []
            : RegionPlaces.Probes.Select(probe =>
            {
                var network = DnsNetwork.TryParse(probe.Client)!;
                return new ProbeClient(probe.Name, network, OrderFor(definition, network));
            });
        List<ProbeClient> clients = [.. mapped, .. located];
        return clients.Count > 0 ? clients : [new ProbeClient("anywhere", null, OrderFor(definition, null))];
    }

    private static ProbeClient Mapped(GeoDnsDefinition definition, string region, string network)
    {
        // A client of a network is one of its addresses, and a part of it may be mapped elsewhere.
        var client = DnsNetwork.TryParse(network)!;
        var address = client.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 24 : 56;
        if (client.PrefixLength < address)
            client = DnsNetwork.TryParse($"{client.Address}/{address}")!;
        return new ProbeClient(region, client, OrderFor(definition, client));
    }

    /// <summary>The order of regions for a network: the most specific mapped network counts; else the default order, or with a database nobody but the name server knows.</summary>
    private static IReadOnlyList<string> OrderFor(GeoDnsDefinition definition, DnsNetwork? network)
    {
        var match = network is null
            ? null
            : definition
                .Networks.Select(entry => (Network: DnsNetwork.TryParse(entry.Key)!, Region: entry.Value))
                .Where(entry => entry.Network.Contains(network))
                .OrderByDescending(entry => entry.Network.PrefixLength)
                .Select(entry => entry.Region)
                .FirstOrDefault();
        if (match is not null)
            return RegionPlaces.From(match, definition.Regions);
        return definition.Database is null && (network is not null || definition.Networks.Count == 0)
            ? [.. definition.Regions.Select(region => region.Name)]
            : [];
    }
}
