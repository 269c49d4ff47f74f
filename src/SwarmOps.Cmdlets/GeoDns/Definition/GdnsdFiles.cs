using System.Globalization;
using System.Text;

namespace SwarmOps.GeoDns.Definition;

/// <summary>The files of gdnsd 3, made from a definition (gdnsd.config(5), gdnsd.zonefile(5), gdnsd-plugin-geoip(8), gdnsd-plugin-metafo(8)).</summary>
internal static class GdnsdFiles
{
    private const string Head = "# Made by SwarmOps from definition.json; New-SwarmGeoDns and Set-SwarmEdge change it.\n";

    /// <summary>Name of the map from clients to regions.</summary>
    private const string Map = "clients";

    /// <summary>A negative answer, and a start of authority, are kept no longer than an answer.</summary>
    private const int RefreshSeconds = 3600,
        RetrySeconds = 600,
        ExpireSeconds = 1209600,
        NameServerSeconds = 3600;

    /// <summary>The zone.</summary>
    public static string Zone(GeoDnsDefinition definition)
    {
        var text = new StringBuilder(Head.Replace('#', ';'));
        var ttl = definition.TtlSeconds;
        var servers = definition.Servers.OrderBy(server => server.Number).ToList();
        text.Append(CultureInfo.InvariantCulture, $"$TTL {NameServerSeconds}\n")
            .Append(
                CultureInfo.InvariantCulture,
                $"@ {ttl} SOA ns{servers[0].Number} hostmaster ( {definition.Serial} {RefreshSeconds} {RetrySeconds} {ExpireSeconds} {ttl} )\n"
            );
        foreach (var server in servers)
            text.Append(CultureInfo.InvariantCulture, $"@ NS ns{server.Number}\nns{server.Number} A {server.Address}\n");
        foreach (var record in definition.Records)
            text.Append(CultureInfo.InvariantCulture, $"{record} {ttl}/{ttl} DYNA metafo!{GeoDnsNames.Check}\n");
        return text.ToString();
    }

    /// <summary>The configuration of one server.</summary>
    public static string Config(GeoDnsDefinition definition, GeoDnsHost server) =>
        $$"""
            {{Head}}options => {
              listen => {{server.Listen}}
              nsid_ascii => {{Quote(server.Node)}}
              run_dir => {{Quote(GeoDnsNames.RunPath)}}
              zones_strict_data => true
              min_ttl => 1
              # A forged question must not be answered with more than it cost.
              max_nocookie_response => 512
            }
            service_types => { {{GeoDnsNames.Check}} => {
              {{Monitor(definition.Check)}}
              interval => {{definition.Check.IntervalSeconds}}
              timeout => {{definition.Check.TimeoutSeconds}}
              up_thresh => {{definition.Check.Retries}}
              ok_thresh => {{definition.Check.Retries}}
              down_thresh => {{definition.Check.Retries}}
            } }
            plugins => {
              geoip => {
                maps => { {{Map}} => {
                  datacenters => {{List(definition.Regions.Select(region => region.Name))}}
            {{Locating(definition)}}    } }
                resources => { {{GeoDnsNames.Check}} => {
                  map => {{Map}}
                  service_types => {{GeoDnsNames.Check}}
                  # One healthy node is enough for a region.
                  up_thresh => 0.01
                  dcmap => {
            {{Join(definition.Regions, region => $"        {Quote(region.Name)} => {Addresses(region.Nodes)}\n")}}      }
                } }
              }
              metafo => { resources => { {{GeoDnsNames.Check}} => {
                # With no healthy region, all of them are answered.
                datacenters => [ near, every ]
                dcmap => {
                  near => "%geoip!{{GeoDnsNames.Check}}"
                  every => { plugin => multifo, service_types => up, addrs_v4 => {{Addresses([.. definition.EdgeNodes])}} }
                }
              } } }
            }

            """;

    /// <summary>Networks of clients and the order of regions for each; empty when there are none.</summary>
    public static string Networks(GeoDnsDefinition definition) =>
        definition.Networks.Count == 0
            ? ""
            : Head
                + Join(
                    definition.Networks.OrderBy(network => network.Key, StringComparer.Ordinal),
                    network => $"{Quote(network.Key)} => {List(RegionPlaces.From(network.Value, definition.Regions))}\n"
                );

    /// <summary>The forced states: what is out.</summary>
    public static string States(GeoDnsDefinition definition) =>
        Head
        + Join(
            definition.RegionsOut.Union(definition.RegionsUpdating).Order(StringComparer.Ordinal),
            region => $"{Quote(RegionKey(region))} => DOWN\n"
        )
        + Join(
            definition.EdgeNodes.Where(node => definition.NodesOut.Contains(node.Name)),
            node => $"{Quote(NodeKey(node.Address))} => DOWN\n"
        );

    /// <summary>The name of a region among the states.</summary>
    public static string RegionKey(string region) => $"geoip/{GeoDnsNames.Check}/{region}";

    /// <summary>The name of a node among the states.</summary>
    public static string NodeKey(string address) => $"{address}/{GeoDnsNames.Check}";

    private static string Monitor(GeoDnsCheck check) =>
        check.Path is null
            ? string.Create(CultureInfo.InvariantCulture, $"plugin => tcp_connect, port => {check.Port}")
            : string.Create(CultureInfo.InvariantCulture, $"plugin => http_status, port => {check.Port}, url_path => {Quote(check.Path)}")
                + (check.Host is null ? "" : $", vhost => {Quote(check.Host)}");

    private static string Locating(GeoDnsDefinition definition)
    {
        var text = new StringBuilder();
        if (definition.Networks.Count > 0)
            text.Append("      nets => nets\n");
        if (definition.Database is not { } database)
            return text.ToString();
        text.Append(CultureInfo.InvariantCulture, $"      geoip2_db => {Quote(GeoDnsNames.Database(definition.Zone))}\n");
        if (database.HasPlaces)
            text.Append(CultureInfo.InvariantCulture, $"      auto_dc_limit => {definition.Regions.Count}\n")
                .Append("      auto_dc_coords => {\n")
                .Append(
                    Join(
                        definition.Regions,
                        region =>
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"        {Quote(region.Name)} => [ {region.Latitude}, {region.Longitude} ]\n"
                            )
                    )
                )
                .Append("      }\n");
        else
            text.Append("      map => {\n")
                .Append(
                    Join(
                        RegionPlaces.Continents,
                        place =>
                            $"        {place.Code} => {List(RegionPlaces.Nearest(place.Latitude, place.Longitude, definition.Regions))}\n"
                    )
                )
                .Append("      }\n");
        return text.ToString();
    }

    private static string Addresses(IReadOnlyList<GeoDnsEdgeNode> nodes) =>
        "{ "
        + string.Join(", ", nodes.Select((node, index) => string.Create(CultureInfo.InvariantCulture, $"n{index + 1} => {node.Address}")))
        + " }";

    private static string List(IEnumerable<string> names) => $"[ {string.Join(", ", names.Select(Quote))} ]";

    private static string Join<T>(IEnumerable<T> items, Func<T, string> line) => string.Concat(items.Select(line));

    /// <summary>Names and paths were checked: nothing in them needs an escape but these two.</summary>
    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
