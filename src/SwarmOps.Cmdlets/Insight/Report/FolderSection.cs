namespace SwarmOps.Insight.Report;

/// <summary>The shared folders and their copies.</summary>
internal static class FolderSection
{
    /// <summary>Writes it.</summary>
    public static void Write(HtmlText html, SwarmReport report)
    {
        if (report.Swarm is null || report.SharedFolders is { Count: 0 })
            return;
        html.Add($"<section id=\"folders\"><h2>Shared folders</h2>");
        if (report.SharedFolders is null)
            html.Add($"<p>{ReportWords.Badge("unknown", ReportWords.NotKnown)} The folders could not be read.</p>");
        foreach (var folder in report.SharedFolders ?? [])
        {
            var tone = folder.Status switch
            {
                SwarmSharedFolderStatus.Degraded => "warn",
                SwarmSharedFolderStatus.Unknown => "unknown",
                _ => "ok",
            };
            html.Add(
                $"<h3>{folder.Name} {ReportWords.Badge(tone, folder.Status.ToString())}</h3><p class=\"muted small\"><span class=\"mono\">{folder.Path}</span> \u00b7 {(folder.Files is { } files ? $"{files} files" : "files not known")} \u00b7 {ReportWords.Size(folder.Bytes)}{(folder.Conflicts.Count > 0 ? $" \u00b7 {folder.Conflicts.Count} conflict files" : "")}</p><div class=\"scroll\"><table class=\"stack\"><thead><tr><th scope=\"col\">Node</th><th scope=\"col\">State</th><th scope=\"col\">Complete</th><th scope=\"col\">Behind</th><th scope=\"col\">Last change</th></tr></thead><tbody>"
            );
            foreach (var copy in folder.Copies)
                html.Add(
                    $"<tr><th scope=\"row\">{copy.Node}</th><td data-l=\"State\">{ReportWords.Badge(Tone(copy.State), copy.State.ToString())}</td><td data-l=\"Complete\">{(copy.Completion is { } share ? ReportWords.Bar(share / 100, 2, 2) : Markup.Of($"{ReportWords.NotKnown}"))}</td><td data-l=\"Behind\">{ReportWords.Size(copy.BytesBehind)}</td><td data-l=\"Last change\" class=\"nowrap\">{(copy.LastChange is { } change ? ReportWords.Time(change) : "none yet")}</td></tr>"
                );
            html.Add($"</tbody></table></div>");
        }

        html.Add($"</section>\n");
    }

    private static string Tone(SwarmSharedFolderState state) =>
        state switch
        {
            SwarmSharedFolderState.InSync or SwarmSharedFolderState.Scanning or SwarmSharedFolderState.Syncing => "ok",
            SwarmSharedFolderState.Unknown => "unknown",
            SwarmSharedFolderState.Disconnected => "warn",
            _ => "bad",
        };
}
