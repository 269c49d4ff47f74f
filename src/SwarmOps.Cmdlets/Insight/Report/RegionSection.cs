using System.Globalization;

namespace SwarmOps.Insight.Report;

/// <summary>The regions on the world, and the latencies between them.</summary>
internal static class RegionSection
{
    /// <summary>Writes it.</summary>
    public static void Write(HtmlText html, SwarmReport report, IReadOnlyList<RegionView> regions)
    {
        var links = RegionLink.Of(report);
        var map = new WorldMap(regions, links);
        html.Add($"<section id=\"regions\"><h2>Regions</h2>");
        if (map.HasPlaces)
            map.Write(html);
        html.Add(
            $"<div class=\"scroll\"><table class=\"stack\"><thead><tr><th scope=\"col\">Region</th><th scope=\"col\">Nodes ready</th><th scope=\"col\">Managers</th><th scope=\"col\">Nodes</th></tr></thead><tbody>"
        );
        foreach (var region in regions)
        {
            var managers = region.Nodes.All(node => node.Role is null)
                ? ReportWords.NotKnown
                : region.Nodes.Count(node => node.Role == SwarmNodeRole.Manager).ToString(CultureInfo.InvariantCulture);
            html.Add(
                $"<tr><th scope=\"row\"><span><span class=\"muted\">{region.Number}</span> {region.Name}</span></th><td data-l=\"Nodes ready\">{ReportWords.Badge(region.Tone, region.Ready)}</td><td data-l=\"Managers\">{managers}</td><td data-l=\"Nodes\"><span>{Names(region)}</span></td></tr>"
            );
        }

        html.Add($"</tbody></table></div>");
        var lost = regions
            .Where(region => region.Place is null && region.Name != RegionView.Nameless)
            .Select(region => region.Name)
            .ToList();
        if (lost.Count > 0)
            html.Add(
                $"<p class=\"muted small\">Not on the map, since the place is not known: {string.Join(", ", lost)}. Specify it with <code>-Coordinate @{{ '{lost[0]}' = 52.5, 13.4 }}</code>.</p>"
            );
        // With one node in each region, the only network's own heat map says the same.
        if (links.Count > 0 && (regions.Any(region => region.Nodes.Count > 1) || report.Overlays is not { Count: 1 }))
            WriteLatencies(html, regions, links);
        html.Add($"</section>\n");
    }

    private static Markup Names(RegionView region)
    {
        const int most = 8;
        var names = new Markup(
            string.Join(", ", region.Nodes.Take(most).Select(node => Markup.Of($"<span class=\"nowrap\">{node.Node}</span>")))
        );
        return region.Nodes.Count > most ? Markup.Of($"{names} and {region.Nodes.Count - most} more") : names;
    }

    private static void WriteLatencies(HtmlText html, IReadOnlyList<RegionView> regions, IReadOnlyList<RegionLink> links)
    {
        var names = regions
            .Select(region => region.Name)
            .Where(name => links.Any(link => link.First == name || link.Second == name))
            .ToList();
        var longest = links.Max(link => link.Latency) ?? 0;
        html.Add(
            $"<h3>Round trips between regions</h3><p class=\"muted small\">Shortest over all overlay networks, in milliseconds</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Heat map of the regions\"><table class=\"heat{(names.Count > 8 ? " tight" : "")}\" aria-label=\"Round trips between regions\"><thead><tr><td class=\"self\"></td>"
        );
        foreach (var name in names)
            html.Add($"<th scope=\"col\">{name}</th>");
        html.Add($"</tr></thead><tbody>");
        foreach (var row in names)
        {
            html.Add($"<tr><th scope=\"row\">{row}</th>");
            foreach (var column in names)
            {
                if (row == column)
                {
                    html.Add($"<td class=\"self\">\u2013</td>");
                    continue;
                }

                var link = links.FirstOrDefault(link =>
                    (link.First == row && link.Second == column) || (link.First == column && link.Second == row)
                );
                html.Add(
                    $"<td class=\"{(link is null ? "self" : link.Tone.Length > 0 ? link.Tone : OverlaySection.Step(link.Latency, longest))}\">{(link?.Latency is { } latency ? ReportWords.Milliseconds(latency) : link is null ? "" : link.Result == FindingResult.NotTested ? "?" : "lost")}</td>"
                );
            }

            html.Add($"</tr>");
        }

        html.Add($"</tbody></table></div>");
    }
}
