using SwarmOps.GeoDns.Definition;

namespace SwarmOps.Insight.Report;

/// <summary>A region of a report: its nodes, and where it is.</summary>
/// <param name="Number">Its number on the map, from 1.</param>
/// <param name="Name">Its name.</param>
/// <param name="Nodes">Its nodes.</param>
/// <param name="Place">Latitude and longitude; null when they are not known.</param>
internal sealed record RegionView(int Number, string Name, IReadOnlyList<SwarmReportNode> Nodes, (double Latitude, double Longitude)? Place)
{
    /// <summary>How nodes without a region are called.</summary>
    public const string Nameless = "no region";

    /// <summary>The class of its state: bad where a node is down, unknown where one is silent.</summary>
    public string Tone =>
        Nodes.Any(node => node.State is SwarmNodeState.Down or SwarmNodeState.Disconnected) ? "bad"
        : Nodes.Any(node => node.State != SwarmNodeState.Ready) ? "unknown"
        : "ok";

    /// <summary>How many of its nodes are Ready; null when the swarm says it of none.</summary>
    public int? ReadyCount => Nodes.All(node => node.State is null) ? null : Nodes.Count(node => node.State == SwarmNodeState.Ready);

    /// <summary>How many are Ready, in words.</summary>
    public string Ready => ReadyCount is { } ready ? $"{ready} of {Nodes.Count}" : ReportWords.NotKnown;

    /// <summary>The regions of a report.</summary>
    public static IReadOnlyList<RegionView> Of(SwarmReport report, ReportOptions options)
    {
        var zones = (report.Zones ?? [])
            .SelectMany(zone => zone.Regions)
            .Where(region => region is { Latitude: not null, Longitude: not null })
            .DistinctBy(region => region.Name)
            .ToDictionary(region => region.Name, region => (region.Latitude!.Value, region.Longitude!.Value));
        return
        [
            .. report
                .Nodes.GroupBy(node => node.Region ?? Nameless)
                .OrderBy(group => group.Key == Nameless)
                .ThenBy(group => group.Key, StringComparer.Ordinal)
                .Select(
                    (group, index) =>
                        new RegionView(
                            index + 1,
                            group.Key,
                            [.. group],
                            options.Coordinates.TryGetValue(group.Key, out var given) ? given
                                : zones.TryGetValue(group.Key, out var zone) ? zone
                                : RegionPlaces.Find(group.Key)
                        )
                ),
        ];
    }
}

/// <summary>The paths between two regions, in both directions and of all networks.</summary>
/// <param name="First">The first region by name.</param>
/// <param name="Second">The second one.</param>
/// <param name="Latency">The shortest round trip, in milliseconds; null when no packet was answered.</param>
/// <param name="Result">The worst result.</param>
internal sealed record RegionLink(string First, string Second, double? Latency, FindingResult Result)
{
    /// <summary>The class of its state.</summary>
    public string Tone =>
        Result switch
        {
            FindingResult.Pass => "",
            FindingResult.Fail => "bad",
            FindingResult.Warning => "warn",
            _ => "unknown",
        };

    /// <summary>The links between the regions of a report.</summary>
    public static IReadOnlyList<RegionLink> Of(SwarmReport report) =>
        [
            .. (report.Paths ?? [])
                .Select(path => (From: path.FromRegion ?? RegionView.Nameless, To: path.ToRegion ?? RegionView.Nameless, Path: path))
                .Where(link => link.From != link.To)
                .GroupBy(link => string.CompareOrdinal(link.From, link.To) < 0 ? (link.From, link.To) : (link.To, link.From))
                .Select(group => new RegionLink(
                    group.Key.Item1,
                    group.Key.Item2,
                    group.Min(link => link.Path.Latency),
                    group.MaxBy(link => Weight(link.Path.Result)).Path.Result
                ))
                .OrderBy(link => link.First, StringComparer.Ordinal)
                .ThenBy(link => link.Second, StringComparer.Ordinal),
        ];

    private static int Weight(FindingResult result) =>
        result switch
        {
            FindingResult.Fail => 3,
            FindingResult.Warning => 2,
            FindingResult.Pass => 1,
            _ => 0,
        };
}
