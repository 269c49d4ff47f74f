namespace SwarmOps.Insight.Report;

/// <summary>What changed since an earlier report.</summary>
internal static class ChangeSection
{
    /// <summary>Writes it.</summary>
    public static void Write(HtmlText html, ReportChanges changes)
    {
        html.Add($"<section id=\"changes\"><h2>Changes since {ReportWords.Time(changes.Since)}</h2>");
        if (changes.NewKeys.Count == 0 && changes.Resolved.Count == 0 && changes.Changes.Count == 0)
            html.Add($"<p>No finding is new or resolved, and nodes and services are as they were.</p>");
        else
            html.Add(
                $"<p>{ReportWords.Count(changes.NewKeys.Count, "finding is", "findings are")} new, {ReportWords.Count(changes.Resolved.Count, "is", "are")} resolved.</p>"
            );
        if (changes.Changes.Count > 0)
        {
            html.Add(
                $"<div class=\"scroll\"><table class=\"stack\"><caption>Nodes and services</caption><thead><tr><th scope=\"col\">Object</th><th scope=\"col\">Kind</th><th scope=\"col\">Change</th></tr></thead><tbody>"
            );
            foreach (var change in changes.Changes)
                html.Add(
                    $"<tr><th scope=\"row\">{(change.Name.Length > 0 ? change.Name : "swarm")}</th><td data-l=\"Kind\">{change.Kind}</td><td data-l=\"Change\">{change.What}</td></tr>"
                );
            html.Add($"</tbody></table></div>");
        }

        if (changes.Resolved.Count > 0)
        {
            html.Add($"<h3>Resolved</h3><ul>");
            foreach (var finding in changes.Resolved)
                html.Add($"<li><b>{finding.Subject}</b>: {finding.Message} <span class=\"muted\">({finding.Severity})</span></li>");
            html.Add($"</ul>");
        }

        html.Add($"</section>\n");
    }
}
