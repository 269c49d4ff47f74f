namespace SwarmOps.Insight.Report;

/// <summary>The Galera clusters and their nodes.</summary>
internal static class GaleraSection
{
    private const long BytesOfKilobyte = 1024;

    /// <summary>Writes it.</summary>
    public static void Write(HtmlText html, SwarmReport report)
    {
        if (report.Swarm is null || report.GaleraClusters is { Count: 0 })
            return;
        html.Add($"<section id=\"galera\"><h2>Galera clusters</h2>");
        if (report.GaleraClusters is null)
            html.Add($"<p>{ReportWords.Badge("unknown", ReportWords.NotKnown)} The clusters could not be read.</p>");
        foreach (var cluster in report.GaleraClusters ?? [])
            Write(html, cluster);
        html.Add($"</section>\n");
    }

    private static void Write(HtmlText html, GaleraCluster cluster)
    {
        var tone = cluster.Status switch
        {
            GaleraStatus.Healthy => "ok",
            GaleraStatus.Degraded => "warn",
            GaleraStatus.Unknown => "unknown",
            _ => "bad",
        };
        html.Add(
            $"<h3>{cluster.Name} {ReportWords.Badge(tone, cluster.Status.ToString())}</h3><p class=\"muted small\">{cluster.Size} of {cluster.ExpectedSize} nodes Synced \u00b7 <span class=\"mono\">{ReportWords.Image(cluster.Image)}</span> \u00b7 network {cluster.Overlay}</p><div class=\"scroll\"><table class=\"stack\"><thead><tr><th scope=\"col\">Node</th><th scope=\"col\">State</th><th scope=\"col\">Component</th><th scope=\"col\">Seqno</th><th scope=\"col\">Flow control</th><th scope=\"col\">Queues</th><th scope=\"col\">Conflicts</th><th scope=\"col\">Data</th></tr></thead><tbody>"
        );
        foreach (var node in cluster.GaleraNodes)
            html.Add(
                $"<tr><th scope=\"row\"><span>{node.Node}<br><span class=\"muted small\">{node.Version}</span></span></th><td data-l=\"State\">{ReportWords.Badge(node.State is "Synced" or "Arbitrator" ? "ok" : node.State == "Unknown" ? "unknown" : "warn", node.State)}</td><td data-l=\"Component\">{Component(node)}</td><td data-l=\"Seqno\">{Text(node.Seqno)}</td><td data-l=\"Flow control\">{(node.FlowControlPaused is { } paused ? $"{paused * 100:0.#} %" : ReportWords.NotKnown)}</td><td data-l=\"Queues\">{(node.ReceiveQueue is { } queue ? $"{queue:0.##} in, {node.SendQueue ?? 0:0.##} out" : ReportWords.NotKnown)}</td><td data-l=\"Conflicts\">{Text(node.CertificationFailures + node.BruteForceAborts)}</td><td data-l=\"Data\">{ReportWords.Size(node.DataKilobytes * BytesOfKilobyte)}</td></tr>"
            );
        html.Add($"</tbody></table></div>");
    }

    private static string Component(GaleraNode node) =>
        node.ClusterStatus is null ? ReportWords.NotKnown : $"{node.ClusterStatus}{(node.ClusterSize is { } size ? $", {size}" : "")}";

    private static string Text(long? value) => value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? ReportWords.NotKnown;
}
