namespace SwarmOps.Insight.Report;

/// <summary>The overlay networks as heat maps: a row for each sender, a column for each receiver.</summary>
internal static class OverlaySection
{
    /// <summary>With more nodes the matrix is of regions: ten thousand cells help nobody.</summary>
    private const int MostNodes = 40;

    /// <summary>With more columns names are written upwards.</summary>
    private const int MostWide = 8;

    /// <summary>The class of a latency, by its share of the longest.</summary>
    public static string Step(double? latency, double longest) =>
        latency is not { } value || longest <= 0 ? ""
        : (int)Math.Min(4, value / longest * 5) is var step and > 0 ? $"h{step}"
        : "";

    /// <summary>Writes it.</summary>
    public static void Write(HtmlText html, SwarmReport report)
    {
        if (report.Swarm is null || report.Overlays is { Count: 0 })
            return;
        html.Add($"<section id=\"overlays\"><h2>Overlay networks</h2>");
        if (report.Overlays is null)
            html.Add($"<p>{ReportWords.Badge("unknown", ReportWords.NotKnown)} The networks could not be read.</p>");
        foreach (var overlay in report.Overlays ?? [])
        {
            var paths = (report.Paths ?? []).Where(path => path.Overlay == overlay.Name).ToList();
            html.Add($"<h3>{overlay.Name} {ReportWords.Badge("plain", overlay.Encrypted ? "encrypted" : "not encrypted")}</h3>");
            html.Add($"<p class=\"muted small\">{Facts(overlay)}</p>");
            if (paths.Count == 0)
                html.Add($"<p class=\"muted\">Its paths were not tested with packets.</p>");
            else
                WriteMatrix(html, overlay.Name, paths);
        }

        html.Add($"</section>\n");
    }

    private static string Facts(SwarmOverlay overlay)
    {
        var asked = overlay.NatRepairs.Where(rule => rule.RuleNeeded is not null).ToList();
        var rule =
            overlay.NatRepairs.Count == 0 ? null
            : asked.Count == 0 ? "NAT rule not known"
            : asked.All(rule => rule.RuleNeeded is false) ? "no NAT"
            : $"NAT rule active on {asked.Count(rule => rule.RuleActive is true)} of {overlay.NatRepairs.Count} nodes";
        return string.Join(
            " \u00b7 ",
            new[]
            {
                string.Join(", ", overlay.Subnets),
                overlay.Mtu is { } mtu ? $"MTU {mtu}" : null,
                rule,
                overlay.Attachable ? null : "not attachable",
            }.Where(text => !string.IsNullOrEmpty(text))
        );
    }

    private static void WriteMatrix(HtmlText html, string network, List<SwarmOverlayPath> paths)
    {
        var ofRegions = paths.Select(path => path.From).Distinct().Count() > MostNodes;
        var cells = paths
            .GroupBy(path =>
                ofRegions ? (From: path.FromRegion ?? RegionView.Nameless, To: path.ToRegion ?? RegionView.Nameless) : (path.From, path.To)
            )
            .ToDictionary(group => group.Key, group => group.ToList());
        var names = cells.Keys.SelectMany(cell => new[] { cell.From, cell.To }).Distinct().ToList();
        var longest = paths.Max(path => path.Latency) ?? 0;
        var isTight = names.Count > MostWide;
        html.Add(
            $"<p class=\"muted small\">From the {(ofRegions ? "region" : "node")} of the row to that of the column, shortest round trip in milliseconds</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Heat map of {network}\"><table class=\"heat{(isTight ? " tight" : "")}\" aria-label=\"Paths of {network}\"><thead><tr><td class=\"self\"></td>"
        );
        foreach (var name in names)
            html.Add($"<th scope=\"col\">{name}</th>");
        html.Add($"</tr></thead><tbody>");
        foreach (var from in names)
        {
            html.Add($"<tr><th scope=\"row\">{from}</th>");
            foreach (var to in names)
                WriteCell(html, from, to, cells.GetValueOrDefault((from, to)), longest);
            html.Add($"</tr>");
        }

        html.Add($"</tbody></table></div>");
        WriteLegend(html, paths, longest);
    }

    private static void WriteCell(HtmlText html, string from, string to, List<SwarmOverlayPath>? paths, double longest)
    {
        if (paths is null)
        {
            html.Add($"<td class=\"self\">\u2013</td>");
            return;
        }

        var worst = paths.MaxBy(path => Weight(path.Result))!;
        var latency = paths.Min(path => path.Latency);
        if (worst.Result == FindingResult.Pass)
            html.Add($"<td class=\"{Step(latency, longest)}\">{(latency is { } value ? ReportWords.Milliseconds(value) : "ok")}</td>");
        else
            html.Add($"<td class=\"{Tone(worst.Result)}\" title=\"{from} to {to}: {worst.Cause}. {worst.Detail}\">{Mark(worst)}</td>");
    }

    private static void WriteLegend(HtmlText html, List<SwarmOverlayPath> paths, double longest)
    {
        const int steps = 5;
        html.Add($"<p class=\"legend\">");
        for (var step = 0; step < steps && longest > 0; step++)
            html.Add($"<span><i class=\"h{step}\"></i>to {ReportWords.Milliseconds(longest / steps * (step + 1))} ms</span>");
        foreach (var problem in paths.Where(path => path.Cause != SwarmOverlayCause.None).GroupBy(path => path.Cause))
            html.Add(
                $"<span><i class=\"{Tone(problem.First().Result)}\"></i>{Mark(problem.First())}: {problem.Key} on {ReportWords.Count(problem.Count(), "path", "paths")}</span>"
            );
        html.Add($"</p>");
    }

    private static string Tone(FindingResult result) =>
        result switch
        {
            FindingResult.Fail => "bad",
            FindingResult.Warning => "warn",
            FindingResult.NotTested => "unknown",
            _ => "",
        };

    /// <summary>A problem has a letter too: color alone says nothing to some.</summary>
    private static string Mark(SwarmOverlayPath path) =>
        path.Cause switch
        {
            SwarmOverlayCause.NotTested => "?",
            SwarmOverlayCause.PacketLoss => $"{(path.Loss ?? 0) * 100:0}%",
            SwarmOverlayCause.MtuTooLarge => "M",
            SwarmOverlayCause.StaleName => "N",
            SwarmOverlayCause.None => "ok",
            _ => "\u00d7",
        };

    /// <summary>Between regions what was tested counts: which node was silent is said elsewhere.</summary>
    private static int Weight(FindingResult result) =>
        result switch
        {
            FindingResult.Fail => 3,
            FindingResult.Warning => 2,
            FindingResult.Pass => 1,
            _ => 0,
        };
}
