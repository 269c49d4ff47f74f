using System.Globalization;

namespace SwarmOps.Insight.Report;

/// <summary>The nodes: state, engine, disk, memory, clock, certificate, updates.</summary>
internal static class NodeSection
{
    /// <summary>Writes it.</summary>
    public static void Write(HtmlText html, SwarmReport report)
    {
        html.Add(
            $"<section id=\"nodes\"><h2>Nodes</h2><div class=\"scroll\"><table class=\"stack nodes\" data-sort><thead><tr><th scope=\"col\">Node</th><th scope=\"col\">Role</th><th scope=\"col\">State</th><th scope=\"col\">Engine</th><th scope=\"col\">Disk</th><th scope=\"col\">Memory</th><th scope=\"col\">Load</th><th scope=\"col\">Clock</th><th scope=\"col\">Certificate</th><th scope=\"col\">Updates</th></tr></thead><tbody>"
        );
        foreach (var node in report.Nodes)
            Write(html, report, node);
        html.Add($"</tbody></table></div>");
        if (report.Nodes.Any(node => node.Error is not null))
        {
            html.Add($"<h3>Hosts that were not read</h3><ul>");
            foreach (var node in report.Nodes.Where(node => node.Error is not null))
                html.Add($"<li><b>{node.Node}</b>: {node.Error}</li>");
            html.Add($"</ul>");
        }

        html.Add($"</section>\n");
    }

    private static void Write(HtmlText html, SwarmReport report, SwarmReportNode node)
    {
        html.Add(
            $"<tr><th scope=\"row\"><span>{node.Node}{(node.Region is null || node.Region == node.Node ? Markup.None : Markup.Of($"<br><span class=\"muted small\">{node.Region}</span>"))}</span></th>"
        );
        html.Add(
            $"<td data-l=\"Role\">{(node.IsLeader ? "Leader" : node.Role?.ToString() ?? (report.Swarm is null ? ReportWords.NotKnown : "not a member"))}</td>"
        );
        html.Add($"<td data-l=\"State\"><span>{State(node)}</span></td>");
        html.Add($"<td data-l=\"Engine\"><span>{node.EngineVersion ?? ReportWords.NotKnown}{Small(node.KernelVersion)}</span></td>");
        Cell(html, "Disk", node.Disks.Count == 0 ? null : node.Disks.Max(disk => disk.Used), share => ReportWords.Bar(share, 0.9, 0.97));
        Cell(
            html,
            "Memory",
            node is { MemoryBytes: { } total and > 0, MemoryAvailableBytes: { } available } ? 1 - ((double)available / total) : null,
            share => ReportWords.Bar(share, 0.95, 2)
        );
        Cell(html, "Load", node.Load, load => Markup.Of($"{load:0.0#}{Small(node.Processors is { } count ? $"{count} CPU" : null)}"));
        Cell(html, "Clock", node.ClockOffsetSeconds, offset => Markup.Of($"<span class=\"nowrap\">{Offset(offset)}</span>"));
        Cell(
            html,
            "Certificate",
            node.CertificateExpiry is { } expiry ? (expiry - report.TakenAt).TotalDays : null,
            days => Markup.Of($"<span class=\"nowrap\">{(days < 0 ? "expired" : $"{(int)days} days")}</span>")
        );
        Cell(html, "Updates", node.UpdateCount, _ => Updates(node));
        html.Add($"</tr>");
    }

    private static Markup State(SwarmReportNode node)
    {
        var state = node.State switch
        {
            SwarmNodeState.Ready => ReportWords.Badge("ok", "Ready"),
            SwarmNodeState.Down => ReportWords.Badge("bad", "Down"),
            null => ReportWords.Badge("unknown", ReportWords.NotKnown),
            var other => ReportWords.Badge("warn", other.ToString()!),
        };
        var further = new[]
        {
            node.Availability is SwarmNodeAvailability.Drain or SwarmNodeAvailability.Pause ? node.Availability.ToString() : null,
            node.Role == SwarmNodeRole.Manager && node.Reachability != SwarmManagerReachability.Reachable ? "unreachable" : null,
            node.Error is not null ? "not read" : null,
        };
        return Markup.Of($"{state}{Small(string.Join(", ", further.OfType<string>()))}");
    }

    private static Markup Updates(SwarmReportNode node) =>
        Markup.Of(
            $"{node.UpdateCount}{Small(string.Join(", ", new[] { node.SecurityUpdateCount > 0 ? $"{node.SecurityUpdateCount} security" : null, node.RebootRequired is true ? "reboot" : null }.OfType<string>()))}"
        );

    private static string Offset(double seconds) =>
        Math.Abs(seconds) < 0.1
            ? "in time"
            : string.Create(CultureInfo.InvariantCulture, $"{(seconds > 0 ? "+" : "\u2212")}{Math.Abs(seconds):0.0} s");

    private static Markup Small(string? text) =>
        string.IsNullOrEmpty(text) ? Markup.None : Markup.Of($"<br><span class=\"muted small\">{text}</span>");

    private static void Cell(HtmlText html, string label, double? value, Func<double, Markup> show)
    {
        if (value is { } known)
            html.Add($"<td data-l=\"{label}\" data-v=\"{known:0.###}\"><span>{show(known)}</span></td>");
        else
            html.Add($"<td data-l=\"{label}\" data-v=\"-1\" class=\"muted\">{ReportWords.NotKnown}</td>");
    }
}
