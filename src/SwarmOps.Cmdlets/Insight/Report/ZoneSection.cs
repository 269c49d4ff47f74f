namespace SwarmOps.Insight.Report;

/// <summary>The zones: their name servers, and what these see of the regions.</summary>
internal static class ZoneSection
{
    /// <summary>Writes it.</summary>
    public static void Write(HtmlText html, SwarmReport report)
    {
        if (report.Swarm is null || report.Zones is { Count: 0 })
            return;
        html.Add($"<section id=\"zones\"><h2>DNS zones</h2>");
        if (report.Zones is null)
            html.Add($"<p>{ReportWords.Badge("unknown", ReportWords.NotKnown)} The zones could not be read.</p>");
        foreach (var zone in report.Zones ?? [])
            Write(html, zone);
        html.Add($"</section>\n");
    }

    private static void Write(HtmlText html, SwarmGeoDns zone)
    {
        var tone = zone.Status switch
        {
            GeoDnsStatus.Healthy => "ok",
            GeoDnsStatus.Degraded => "warn",
            _ => "bad",
        };
        html.Add(
            $"<h3>{zone.Zone} {ReportWords.Badge(tone, zone.Status.ToString())}</h3><p class=\"muted small\">answers for the service {zone.Service} \u00b7 serial {zone.Serial} \u00b7 TTL {zone.TtlSeconds} s \u00b7 clients located by {zone.Locating}</p><div class=\"scroll\"><table class=\"stack\"><thead><tr><th scope=\"col\">Name server</th><th scope=\"col\">Node</th><th scope=\"col\">Answers</th><th scope=\"col\">Serial</th></tr></thead><tbody>"
        );
        foreach (var server in zone.Servers)
            html.Add(
                $"<tr><th scope=\"row\">{server.Name}</th><td data-l=\"Node\">{server.Node}</td><td data-l=\"Answers\">{(server.Serial is null ? ReportWords.Badge("bad", "no answer") : server is { Udp: true, Tcp: true } ? ReportWords.Badge("ok", "UDP, TCP") : ReportWords.Badge("warn", server.Udp ? "UDP only" : "TCP only"))}</td><td data-l=\"Serial\">{(server.Serial is { } serial ? $"{serial}" : ReportWords.NotKnown)}</td></tr>"
            );
        html.Add(
            $"</tbody></table></div><div class=\"scroll\"><table class=\"stack\"><thead><tr><th scope=\"col\">Region</th><th scope=\"col\">In DNS</th><th scope=\"col\">Nodes</th></tr></thead><tbody>"
        );
        foreach (var region in zone.Regions)
            html.Add(
                $"<tr><th scope=\"row\">{region.Name}</th><td data-l=\"In DNS\">{(region.IsOut ? ReportWords.Badge("plain", "taken out") : ReportWords.Badge("ok", "in"))}</td><td data-l=\"Nodes\">{string.Join("; ", region.EdgeNodes.Select(Words))}</td></tr>"
            );
        html.Add($"</tbody></table></div>");
    }

    private static string Words(SwarmGeoDnsNode node) =>
        node switch
        {
            { IsOut: true } => $"{node.Node}: taken out",
            { UnhealthyFrom.Count: 0, HealthyFrom.Count: > 0 } => $"{node.Node}: healthy",
            { HealthyFrom.Count: 0, UnhealthyFrom.Count: > 0 } => $"{node.Node}: not healthy",
            { HealthyFrom.Count: 0 } => $"{node.Node}: {ReportWords.NotKnown}",
            _ => $"{node.Node}: healthy from {string.Join(", ", node.HealthyFrom)}, not from {string.Join(", ", node.UnhealthyFrom)}",
        };
}
