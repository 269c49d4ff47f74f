using System.Globalization;

namespace SwarmOps.Insight.Report;

/// <summary>A report as one HTML file that needs no network, and no script to be read.</summary>
/// <param name="report">The report.</param>
/// <param name="options">How it is shown.</param>
internal sealed class HtmlReport(SwarmReport report, ReportOptions options)
{
    /// <summary>SwarmOps' sign: nodes around a center.</summary>
    private static readonly Markup Mark = new(
        "<svg class=\"mark\" viewBox=\"0 0 48 48\" aria-hidden=\"true\"><rect width=\"48\" height=\"48\" rx=\"12\" fill=\"#1757b0\"/><g stroke=\"#9cc4f7\" stroke-width=\"2\"><path d=\"M24 24L24 9M24 24L37 16.5M24 24L37 31.5M24 24L24 39M24 24L11 31.5M24 24L11 16.5\"/><path fill=\"none\" d=\"M24 9L37 16.5L37 31.5L24 39L11 31.5L11 16.5Z\"/></g><g fill=\"#fff\"><circle cx=\"24\" cy=\"24\" r=\"5\"/><circle cx=\"24\" cy=\"9\" r=\"3.4\"/><circle cx=\"37\" cy=\"16.5\" r=\"3.4\"/><circle cx=\"37\" cy=\"31.5\" r=\"3.4\"/><circle cx=\"24\" cy=\"39\" r=\"3.4\"/><circle cx=\"11\" cy=\"31.5\" r=\"3.4\"/><circle cx=\"11\" cy=\"16.5\" r=\"3.4\"/></g></svg>"
    );

    private readonly HtmlText html = new();
    private readonly SwarmFindingSummary summary = SwarmFindingSummary.Of(report.Findings);
    private readonly IReadOnlyList<RegionView> regions = RegionView.Of(report, options);

    /// <summary>The file's text.</summary>
    public override string ToString()
    {
        if (html.Builder.Length > 0)
            return html.ToString();
        html.Add(
            $"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n<meta name=\"generator\" content=\"SwarmOps\">\n<title>{options.Title}: {Verdict}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{Assets.Style}</style>\n</head>\n<body>\n"
        );
        WriteTop();
        html.Add($"<main>\n");
        WriteTiles();
        FindingSection.Write(html, report, options.Changes);
        if (options.Changes is { } changes)
            ChangeSection.Write(html, changes);
        RegionSection.Write(html, report, regions);
        NodeSection.Write(html, report);
        OverlaySection.Write(html, report);
        ServiceSection.Write(html, report, regions);
        GaleraSection.Write(html, report);
        FolderSection.Write(html, report);
        ZoneSection.Write(html, report);
        SwarmSection.Write(html, report);
        html.Add(
            $"</main>\n<footer><p>Made by SwarmOps (Export-SwarmReport) on {ReportWords.Time(report.TakenAt)}; the pass took {report.Duration.TotalSeconds:0.0} s. What could not be read is marked as not known. Outline of the land: Natural Earth, public domain.</p></footer>\n"
        );
        // A script of this type is data: it is not run. "</" would end it.
        html.Add(
            $"<script type=\"application/json\" id=\"{ReportDigest.ElementId}\">{new Markup(ReportDigest.Of(report).ToJson().Replace("</", "<\\/", StringComparison.Ordinal))}</script>\n<script>\n{Assets.Script}</script>\n</body>\n</html>\n"
        );
        return html.ToString();
    }

    private string Verdict =>
        summary.Worst switch
        {
            SwarmFindingSeverity.Critical => ReportWords.Count(summary.CriticalCount, "critical finding", "critical findings"),
            SwarmFindingSeverity.Warning => ReportWords.Count(summary.WarningCount, "warning", "warnings"),
            SwarmFindingSeverity.Unknown => "not all could be observed",
            _ => "all is well",
        };

    private void WriteTop()
    {
        var swarm = report.Swarm is { } known ? $"swarm {known.Id}" : "no swarm that could be asked";
        html.Add(
            $"<header class=\"top\">{Mark}<div class=\"who\"><h1>{options.Title}</h1><p class=\"muted\"><span class=\"mono\">{swarm}</span> \u00b7 {ReportWords.Time(report.TakenAt)}</p></div><p class=\"verdict {summary.Worst}\">{Capital(Verdict)}</p></header>\n"
        );
        (string Id, string Name, bool Has)[] parts =
        [
            ("findings", "Findings", true),
            ("changes", "Changes", options.Changes is not null),
            ("regions", "Regions", true),
            ("nodes", "Nodes", true),
            ("overlays", "Overlay networks", report.Overlays is not { Count: 0 }),
            ("services", "Services", report.Services is not { Count: 0 }),
            ("galera", "Galera", report.GaleraClusters is not { Count: 0 }),
            ("folders", "Shared folders", report.SharedFolders is not { Count: 0 }),
            ("zones", "DNS", report.Zones is not { Count: 0 }),
            ("swarm", "Swarm", report.Swarm is not null),
        ];
        html.Add($"<nav aria-label=\"Sections\"><ul>");
        foreach (var (id, name, _) in parts.Where(part => part.Has && IsShown(part.Id)))
            html.Add($"<li><a href=\"#{id}\">{name}</a></li>");
        html.Add($"</ul></nav>\n");
    }

    /// <summary>Of an outage only what the hosts told is shown: the parts of the swarm are not empty but unseen.</summary>
    private bool IsShown(string id) => report.Swarm is not null || id is "findings" or "changes" or "regions" or "nodes";

    private void WriteTiles()
    {
        html.Add($"<div class=\"tiles\">");
        var ready = report.Nodes.Count(node => node.State == SwarmNodeState.Ready);
        Tile(
            report.Swarm is null ? "unknown"
                : ready == report.Nodes.Count ? ""
                : "bad",
            "Nodes ready",
            report.Swarm is null ? "?" : Number(ready),
            $"of {report.Nodes.Count}",
            ReportWords.Count(regions.Count, "region", "regions")
        );
        if (report.Swarm is { } swarm)
        {
            Tile(
                swarm.ReachableManagerCount < swarm.Quorum || (swarm.ManagerCount > 1 && swarm.ToleratedFailures == 0) ? "bad"
                    : swarm.ReachableManagerCount < swarm.ManagerCount || swarm.ManagerCount == 1 ? "warn"
                    : "",
                "Managers",
                Number(swarm.ReachableManagerCount),
                $"of {swarm.ManagerCount}",
                $"reachable; {swarm.ToleratedFailures} may fail"
            );
        }
        else
            Tile("bad", "Managers", "none", "", "no swarm could be asked");
        ServiceTile();
        PathTile();
        CertificateTile();
        foreach (var cluster in report.GaleraClusters ?? [])
            Tile(
                cluster.Status switch
                {
                    GaleraStatus.Healthy => "",
                    GaleraStatus.Degraded => "warn",
                    GaleraStatus.Unknown => "unknown",
                    _ => "bad",
                },
                $"{cluster.Name} (Galera)",
                Number(cluster.Size),
                $"of {cluster.ExpectedSize}",
                cluster.Status.ToString()
            );
        foreach (var folder in report.SharedFolders ?? [])
            Tile(
                folder.Status switch
                {
                    SwarmSharedFolderStatus.Degraded => "warn",
                    SwarmSharedFolderStatus.Unknown => "unknown",
                    _ => "",
                },
                $"{folder.Name} (folder)",
                Number(folder.Copies.Count(copy => copy.State == SwarmSharedFolderState.InSync)),
                $"of {folder.Copies.Count}",
                "copies in sync"
            );
        html.Add($"</div>\n");
    }

    private void ServiceTile()
    {
        if (report.Services is not { } services)
        {
            Tile("unknown", "Services", "?", "", "could not be read");
            return;
        }

        var whole = services.Count(service => service.RunningCount >= service.DesiredCount);
        Tile(
            services.Count == 0 ? "none"
                : whole == services.Count ? ""
                : services.Any(service => service is { RunningCount: 0, DesiredCount: > 0 }) ? "bad"
                : "warn",
            "Services complete",
            Number(whole),
            $"of {services.Count}",
            $"{services.Sum(service => service.RunningCount)} of {services.Sum(service => service.DesiredCount)} tasks"
        );
    }

    private void PathTile()
    {
        if (report.Paths is not { Count: > 0 } paths)
        {
            Tile("none", "Overlay paths", "\u2013", "", "not tested");
            return;
        }

        var passed = paths.Count(path => path.Result == FindingResult.Pass);
        Tile(
            passed == paths.Count ? ""
                : paths.Any(path => path.Result == FindingResult.Fail) ? "bad"
                : "warn",
            "Overlay paths",
            Number(passed),
            $"of {paths.Count}",
            paths.Max(path => path.Latency) is { } longest ? $"up to {ReportWords.Milliseconds(longest)} ms" : "no packet answered"
        );
    }

    private void CertificateTile()
    {
        var known = report.Nodes.Where(node => node.CertificateExpiry is not null).ToList();
        if (known.MinBy(node => node.CertificateExpiry) is not { } first)
        {
            Tile("none", "Node certificates", "\u2013", "", "not known");
            return;
        }

        var days = (first.CertificateExpiry!.Value - report.TakenAt).TotalDays;
        var isLate = report.Findings.Any(finding => finding.Check == "CertificateNotRenewed");
        Tile(
            days < 0 ? "bad"
                : isLate ? "warn"
                : "",
            "First certificate",
            days < 0 ? "expired" : Number((int)days),
            days < 0 ? "" : "days",
            known.Count < report.Nodes.Count
                ? $"{first.Node}; {report.Nodes.Count - known.Count} not known"
                : $"until {first.Node} renews it"
        );
    }

    private void Tile(string tone, string label, string value, string of, string note) =>
        html.Add(
            $"<div class=\"tile {tone}\"><span class=\"l\">{label}</span><span class=\"v\">{value} <small>{of}</small></span><span class=\"n\">{note}</span></div>"
        );

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
