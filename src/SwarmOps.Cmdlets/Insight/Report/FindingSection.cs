using System.Text.RegularExpressions;

namespace SwarmOps.Insight.Report;

/// <summary>The findings, each with what to do.</summary>
internal static partial class FindingSection
{
    /// <summary>More of those that only inform are folded.</summary>
    private const int MostOpen = 4;

    /// <summary>Writes it.</summary>
    public static void Write(HtmlText html, SwarmReport report, ReportChanges? changes)
    {
        html.Add($"<section id=\"findings\"><h2>Findings</h2>");
        var urgent = report.Findings.Where(finding => finding.Severity > SwarmFindingSeverity.Information).ToList();
        var further = report.Findings.Where(finding => finding.Severity == SwarmFindingSeverity.Information).ToList();
        if (urgent.Count == 0)
            html.Add(
                $"<div class=\"calm\"><span aria-hidden=\"true\">\u2713</span><p>Nothing needs attention: everything that was looked at works.</p></div>"
            );
        else
            Write(html, urgent, changes);
        if (further.Count > 0)
        {
            html.Add(
                $"<details{new Markup(further.Count <= MostOpen ? " open" : "")}><summary>{ReportWords.Count(further.Count, "further note", "further notes")}</summary>"
            );
            Write(html, further, changes);
            html.Add($"</details>");
        }

        html.Add($"</section>\n");
    }

    private static void Write(HtmlText html, IReadOnlyList<SwarmFinding> findings, ReportChanges? changes)
    {
        html.Add($"<ul class=\"findings\">");
        foreach (var finding in findings)
        {
            html.Add(
                $"<li class=\"finding {finding.Severity}\"><div class=\"head\">{ReportWords.Badge(finding.Severity)}<span class=\"subject\">{finding.Subject}</span><span class=\"muted\">{Area(finding.Area)} \u00b7 <span class=\"mono\">{finding.Check}</span></span>"
            );
            if (changes?.NewKeys.Contains(finding.Key) is true)
                html.Add($"<span class=\"tag new\">new</span>");
            if (finding.Since is { } since)
                html.Add($"<span class=\"muted\">since {ReportWords.Time(since)}</span>");
            html.Add($"</div><p class=\"message\">{finding.Message}</p>");
            if (finding.RecommendedAction.Length > 0)
                html.Add($"<p class=\"next\"><b>Next</b> {WithCommands(finding.RecommendedAction)}</p>");
            html.Add($"</li>");
        }

        html.Add($"</ul>");
    }

    /// <summary>A text in which cmdlets with their parameters stand out.</summary>
    public static Markup WithCommands(string text)
    {
        var html = new HtmlText();
        var at = 0;
        foreach (Match match in Command().Matches(text))
        {
            html.Add($"{text[at..match.Index]}<code>{match.Value}</code>");
            at = match.Index + match.Length;
        }

        return new Markup(html.Add($"{text[at..]}").ToString());
    }

    /// <summary>An area in words.</summary>
    public static string Area(SwarmFindingArea area) =>
        area switch
        {
            SwarmFindingArea.Overlay => "overlay network",
            SwarmFindingArea.SharedFolder => "shared folder",
            SwarmFindingArea.GeoDns => "DNS zone",
            SwarmFindingArea.Galera => "Galera cluster",
            SwarmFindingArea.Node => "node",
            SwarmFindingArea.Service => "service",
            SwarmFindingArea.Firewall => "firewall",
            _ => "swarm",
        };

    /// <summary>A cmdlet, and its parameters with their values as far as they are clear.</summary>
    [GeneratedRegex(
        @"\b[A-Z][a-z]+-(?:Swarm|Galera|Encrypted)\w*(?: -[A-Z]\w*(?: [A-Za-z0-9_]\S*?(?=[\s,;:.)]|$)(?<! and| on| for| to| of| in| a| or))?)*",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Command();
}
