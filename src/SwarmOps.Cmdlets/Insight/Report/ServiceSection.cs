namespace SwarmOps.Insight.Report;

/// <summary>Services by region with their tasks, and what failed lately.</summary>
internal static class ServiceSection
{
    /// <summary>Up to this many tasks each is a dot of its own.</summary>
    private const int MostDots = 6;

    private const int MostFailures = 25;

    /// <summary>With more regions a column for each does not fit: then a region has a line in the cell.</summary>
    private const int MostColumns = 6;

    /// <summary>Writes it.</summary>
    public static void Write(HtmlText html, SwarmReport report, IReadOnlyList<RegionView> regions)
    {
        if (report.Swarm is null || report.Services is { Count: 0 })
            return;
        html.Add($"<section id=\"services\"><h2>Services</h2>");
        if (report.Services is null)
            html.Add($"<p>{ReportWords.Badge("unknown", ReportWords.NotKnown)} The services could not be read.</p>");
        else
            WriteTable(html, report.Services, [.. regions.Select(region => region.Name)]);
        WriteFailures(html, report);
        html.Add($"</section>\n");
    }

    private static void WriteTable(HtmlText html, IReadOnlyList<SwarmService> services, IReadOnlyList<string> regions)
    {
        var hasColumns = regions.Count <= MostColumns;
        html.Add(
            $"<div class=\"scroll\"><table class=\"stack\" data-sort><thead><tr><th scope=\"col\">Service</th><th scope=\"col\">Tasks</th>"
        );
        foreach (var region in hasColumns ? regions : ["Regions"])
            html.Add($"<th scope=\"col\">{region}</th>");
        html.Add($"<th scope=\"col\">Image</th><th scope=\"col\">Last update</th></tr></thead><tbody>");
        foreach (var service in services)
        {
            var missing = service.DesiredCount - service.RunningCount;
            html.Add(
                $"<tr><th scope=\"row\"><span>{service.Name}<br><span class=\"muted small\">{Mode(service.Mode)}{(service.Ports.Count > 0 ? $" \u00b7 {string.Join(", ", service.Ports)}" : "")}</span></span></th><td data-l=\"Tasks\" data-v=\"{-missing}\">{ReportWords.Badge(missing <= 0 ? "ok" : service.RunningCount == 0 ? "bad" : "warn", $"{service.RunningCount} of {service.DesiredCount}")}</td>"
            );
            if (hasColumns)
            {
                foreach (var region in regions)
                    WriteRegion(html, service, region);
            }
            else
                html.Add(
                    $"<td data-l=\"Regions\" class=\"small\">{string.Join(", ", service.Tasks.GroupBy(task => task.Region ?? RegionView.Nameless).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Count(task => IsGood(service, task))}/{group.Count()}"))}</td>"
                );
            html.Add(
                $"<td data-l=\"Image\" class=\"mono\">{ReportWords.Image(service.Image)}</td><td data-l=\"Last update\" class=\"nowrap\"><span>{ReportWords.Date(service.UpdatedAt)}{(service.UpdateState is null or "completed" ? Markup.None : Markup.Of($"<br>{ReportWords.Badge(service.UpdateState == "updating" ? "plain" : "warn", service.UpdateState)}"))}</span></td></tr>"
            );
        }

        html.Add($"</tbody></table></div>");
    }

    private static void WriteRegion(HtmlText html, SwarmService service, string region)
    {
        var tasks = service.Tasks.Where(task => (task.Region ?? RegionView.Nameless) == region).ToList();
        if (tasks.Count == 0)
        {
            html.Add($"<td data-l=\"{region}\" class=\"muted blank\" data-v=\"-1\">\u2013</td>");
            return;
        }

        var good = tasks.Count(task => IsGood(service, task));
        html.Add($"<td data-l=\"{region}\" data-v=\"{good}\"><span><span class=\"tasks\">");
        if (tasks.Count <= MostDots)
        {
            foreach (var task in tasks.OrderByDescending(task => IsGood(service, task)))
                html.Add(
                    $"<span class=\"t{(IsGood(service, task) ? "" : " off")}\" title=\"{task.Node ?? "no node"}: {task.State}{(task.Error is null ? "" : $", {task.Error}")}\"></span>"
                );
        }

        html.Add($"</span> {good}/{tasks.Count}</span></td>");
    }

    private static void WriteFailures(HtmlText html, SwarmReport report)
    {
        if (report.FailedTasks is not { Count: > 0 } failed)
            return;
        html.Add(
            $"<details{new Markup(failed.Count <= 5 ? " open" : "")}><summary>{ReportWords.Count(failed.Count, "task", "tasks")} failed in the last 24 hours</summary><div class=\"scroll\"><table class=\"stack\"><caption>Newest first; the engines keep a few for each slot</caption><thead><tr><th scope=\"col\">Task</th><th scope=\"col\">Node</th><th scope=\"col\">When</th><th scope=\"col\">Why</th></tr></thead><tbody>"
        );
        foreach (var task in failed.Take(MostFailures))
            html.Add(
                $"<tr><th scope=\"row\">{task.Name}</th><td data-l=\"Node\">{task.Node ?? "no node"}</td><td data-l=\"When\" class=\"nowrap\">{ReportWords.Time(task.Since)}</td><td data-l=\"Why\">{task.Error ?? task.State}{(task.ExitCode is { } code && task.Error?.Contains("exit", StringComparison.OrdinalIgnoreCase) is not true ? $" (exit code {code})" : "")}</td></tr>"
            );
        html.Add($"</tbody></table></div>");
        if (failed.Count > MostFailures)
            html.Add($"<p class=\"muted small\">{failed.Count - MostFailures} more are not listed.</p>");
        html.Add($"</details>");
    }

    private static bool IsGood(SwarmService service, SwarmTask task) =>
        task.State == "running"
        || (task.State == "complete" && service.Mode is SwarmServiceMode.ReplicatedJob or SwarmServiceMode.GlobalJob);

    private static string Mode(SwarmServiceMode mode) =>
        mode switch
        {
            SwarmServiceMode.Global => "global",
            SwarmServiceMode.ReplicatedJob => "replicated job",
            SwarmServiceMode.GlobalJob => "global job",
            _ => "replicated",
        };
}
