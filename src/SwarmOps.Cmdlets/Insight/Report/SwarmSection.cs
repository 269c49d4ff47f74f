namespace SwarmOps.Insight.Report;

/// <summary>The swarm's own facts: quorum, versions, certificates, settings.</summary>
internal static class SwarmSection
{
    /// <summary>Writes it.</summary>
    public static void Write(HtmlText html, SwarmReport report)
    {
        if (report.Swarm is not { } swarm)
            return;
        var managers = swarm.Nodes.Where(node => node.ManagerAddress is not null).Select(node => node.Name);
        html.Add($"<section id=\"swarm\"><h2>Swarm</h2><dl class=\"facts\">");
        Fact(html, "Id", swarm.Id);
        Fact(html, "Created", swarm.CreatedAt == default ? ReportWords.NotKnown : ReportWords.Date(swarm.CreatedAt));
        Fact(html, "Leader", swarm.Leader ?? "none");
        Fact(html, "Managers", string.Join(", ", managers));
        Fact(html, "Quorum", $"{swarm.Quorum} of {swarm.ManagerCount}; {swarm.ToleratedFailures} may fail");
        Fact(html, "Workers", $"{swarm.WorkerCount}");
        Fact(html, "Engine versions", string.Join(", ", swarm.EngineVersions));
        Fact(html, "Root certificate expires", swarm.RootCertificateExpiry is { } expiry ? ReportWords.Date(expiry) : ReportWords.NotKnown);
        Fact(
            html,
            "Node certificates are valid for",
            swarm.NodeCertificateValidity is { } valid ? ReportWords.Span(valid) : ReportWords.NotKnown
        );
        Fact(html, "Autolock", swarm.AutoLock ? "on" : "off");
        Fact(html, "Address pools", string.Join(", ", swarm.AddressPools));
        html.Add($"</dl></section>\n");
    }

    private static void Fact(HtmlText html, string name, string value) => html.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>");
}
