using System.Globalization;
using SwarmOps.Monitoring.Definition;

namespace SwarmOps.Monitoring.State;

/// <summary>Puts together what the Prometheus servers say, and says what is wrong with the monitoring itself.</summary>
internal static class MonitoringJudge
{
    /// <summary>Severities in the order in which alerts are listed; others follow.</summary>
    private static readonly string[] Severities = ["critical", "warning"];

    /// <summary>The monitoring, with its state and findings.</summary>
    /// <param name="definition">What it should be.</param>
    /// <param name="views">What each Prometheus says.</param>
    /// <param name="members">Name of each member of the swarm, by its id.</param>
    public static SwarmMonitoring Describe(
        MonitoringDefinition definition,
        IReadOnlyList<PrometheusView> views,
        IReadOnlyDictionary<string, string> members
    )
    {
        var findings = Findings(definition, views, members).ToList();
        return new SwarmMonitoring
        {
            Name = definition.Name,
            Overlay = definition.Overlay,
            Status = views.All(view => view.Targets is null)
                ? views.Any(view => view.IsUnknown)
                    ? MonitoringStatus.Unknown
                    : MonitoringStatus.Down
                : findings.Count > 0
                    ? MonitoringStatus.Degraded
                    : MonitoringStatus.Healthy,
            Servers = [.. views.Select(view => Server(definition, view))],
            Targets = Targets(definition, views),
            Alerts = Alerts(views),
            Findings = findings,
        };
    }

    /// <summary>What is missing for every Prometheus to scrape everything, in clauses; empty when nothing is.</summary>
    /// <param name="definition">What it should be.</param>
    /// <param name="views">What each Prometheus says.</param>
    /// <param name="away">Ids of nodes that cannot be scraped, because they are not Ready.</param>
    public static IReadOnlyList<string> Missing(
        MonitoringDefinition definition,
        IReadOnlyList<PrometheusView> views,
        IReadOnlySet<string> away
    ) => [.. views.Where(view => !away.Contains(view.Host.NodeId)).SelectMany(view => Missing(definition, view, away))];

    private static IEnumerable<string> Missing(MonitoringDefinition definition, PrometheusView view, IReadOnlySet<string> away)
    {
        var own = $"Prometheus on '{view.Host.Node}'";
        if (view.Error is { } error)
        {
            yield return $"{own}: {error}";
            yield break;
        }

        foreach (var target in view.Targets!.Where(target => target.IsUp is not true && !IsAway(definition, target, away)))
            yield return $"{own} cannot scrape {target.Job} {target.Instance}{(target.Error is null ? " yet" : $" ({target.Error})")}";
        if (!view.KnowsNodes)
            yield return $"{own} did not say which nodes it scrapes (query node_uname_info)";
        var seen = view.Targets!.Where(target => target.IsUp is true).Select(target => target.NodeId).ToHashSet();
        foreach (var node in definition.Nodes.Where(node => view.KnowsNodes && !seen.Contains(node.NodeId) && !away.Contains(node.NodeId)))
            yield return $"{own} has no node-exporter of '{node.Node}'";
        if (HasTooFewAlertmanagers(definition, view))
            yield return $"{own} has {AlertmanagersOf(view)} of {definition.Servers.Count} Alertmanagers";
        if (RuleNames(definition).Except(view.Rules ?? [], StringComparer.Ordinal).FirstOrDefault() is { } rule)
            yield return $"{own} has not loaded the rule {rule}";
    }

    /// <summary>A number that it did not give is none that can be relied on.</summary>
    private static bool HasTooFewAlertmanagers(MonitoringDefinition definition, PrometheusView view) =>
        !(view.Alertmanagers >= definition.Servers.Count);

    private static string AlertmanagersOf(PrometheusView view) =>
        view.Alertmanagers?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number";

    /// <summary>Whether what is scraped runs on a node that is away, or could run on no other one.</summary>
    private static bool IsAway(MonitoringDefinition definition, ScrapedTarget target, IReadOnlySet<string> away)
    {
        var places = target.From ?? (target.Node is null ? target.Region : null);
        var nodes = definition.Nodes.Where(node => places is null ? node.Node == target.Node : node.Region == places).ToList();
        return nodes.Count > 0 && nodes.All(node => away.Contains(node.NodeId));
    }

    /// <summary>The names of the alerts that must be loaded.</summary>
    private static IEnumerable<string> RuleNames(MonitoringDefinition definition) =>
        MonitoringFiles
            .Rules(definition)
            .Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("- alert: ", StringComparison.Ordinal))
            .Select(line => line["- alert: ".Length..]);

    private static IEnumerable<string> Findings(
        MonitoringDefinition definition,
        IReadOnlyList<PrometheusView> views,
        IReadOnlyDictionary<string, string> members
    )
    {
        foreach (var view in views.Where(view => view.Error is not null))
            yield return $"Prometheus on '{view.Host.Node}' could not be asked: {view.Error}. Check its service with Get-SwarmService -Name {MonitoringNames.Prometheus(definition.Name, view.Host.Number)}.";
        foreach (var target in Targets(definition, views).Where(target => target.DownFrom.Count > 0))
            yield return $"{target.Job} {target.Node ?? target.Instance} cannot be scraped from {string.Join(", ", target.DownFrom)}: {target.Error}. Check the overlay network with Test-SwarmOverlay -Name {definition.Overlay}.";
        var asked = views.Where(view => view is { Error: null }).ToList();
        foreach (var view in asked.Where(view => !view.KnowsNodes))
            yield return $"Prometheus on '{view.Host.Node}' did not say which nodes it scrapes (query node_uname_info), so a missing node-exporter would not be seen. Run the same command again; if this stays, check its log with Get-SwarmServiceLog -Name {MonitoringNames.Prometheus(definition.Name, view.Host.Number)}.";
        foreach (var node in definition.Nodes.Where(node => members.ContainsKey(node.NodeId)))
        {
            var missing = asked
                .Where(view => view.KnowsNodes && view.Targets!.All(target => target.NodeId != node.NodeId))
                .Select(view => view.Host.Node)
                .ToList();
            if (missing.Count > 0)
                yield return $"The node-exporter on '{node.Node}' is not scraped from {string.Join(", ", missing)}. Check it with Get-SwarmTask -Service {MonitoringNames.NodeExporter(definition.Name)}.";
        }

        foreach (var view in asked.Where(view => HasTooFewAlertmanagers(definition, view)))
            yield return $"Prometheus on '{view.Host.Node}' sends alerts to {AlertmanagersOf(view)} of {definition.Servers.Count} Alertmanagers.";
        var known = definition.Nodes.Select(node => node.NodeId).ToHashSet(StringComparer.Ordinal);
        foreach (
            var name in members.Where(member => !known.Contains(member.Key)).Select(member => member.Value).Order(StringComparer.Ordinal)
        )
            yield return $"'{name}' joined after the monitoring was set up: its loss gives no alert. Run New-SwarmMonitoring -Name {definition.Name} -Overlay {definition.Overlay} again.";
        foreach (var node in definition.Nodes.Where(node => !members.ContainsKey(node.NodeId)))
            yield return $"'{node.Node}' has left the swarm and is still expected. Run New-SwarmMonitoring -Name {definition.Name} -Overlay {definition.Overlay} again.";
    }

    private static SwarmPrometheus Server(MonitoringDefinition definition, PrometheusView view) =>
        new()
        {
            Service = MonitoringNames.Prometheus(definition.Name, view.Host.Number),
            Node = view.Host.Node,
            Region = view.Host.Region,
            IsReady = view.IsReady,
            TargetCount = view.Targets?.Count,
            UpTargetCount = view.Targets?.Count(target => target.IsUp is true),
            RuleCount = view.Rules?.Count,
            AlertmanagerCount = view.Alertmanagers,
            Error = view.Error,
        };

    private static IReadOnlyList<SwarmMonitoringTarget> Targets(MonitoringDefinition definition, IReadOnlyList<PrometheusView> views) =>
        [
            .. views
                .SelectMany(view => (view.Targets ?? []).Select(target => (view.Host, Target: target)))
                .GroupBy(seen => (seen.Target.Job, seen.Target.Instance, seen.Target.From))
                .OrderBy(seen => seen.Key.Job, StringComparer.Ordinal)
                .ThenBy(seen => seen.Key.Instance, StringComparer.Ordinal)
                .ThenBy(seen => seen.Key.From, StringComparer.Ordinal)
                .Select(seen => new SwarmMonitoringTarget
                {
                    Job = seen.Key.Job,
                    Instance = seen.Key.Instance,
                    From = seen.Key.From,
                    Node = seen.Select(view =>
                            view.Target.Node ?? definition.Nodes.FirstOrDefault(node => node.NodeId == view.Target.NodeId)?.Node
                        )
                        .FirstOrDefault(node => node is not null),
                    UpFrom = [.. seen.Where(view => view.Target.IsUp is true).Select(view => view.Host.Node)],
                    DownFrom = [.. seen.Where(view => view.Target.IsUp is false).Select(view => view.Host.Node)],
                    Error = seen.Select(view => view.Target.Error).FirstOrDefault(error => error is not null),
                }),
        ];

    private static IReadOnlyList<SwarmAlert> Alerts(IReadOnlyList<PrometheusView> views) =>
        [
            .. views
                .SelectMany(view => view.Alerts.Select(alert => (view.Host, Alert: alert)))
                .GroupBy(seen => string.Join('\n', seen.Alert.Labels.Select(label => $"{label.Key}={label.Value}")), StringComparer.Ordinal)
                .Select(seen =>
                {
                    var first = seen.MinBy(view => view.Alert.Since).Alert;
                    return new SwarmAlert
                    {
                        Name = first.Labels.GetValueOrDefault("alertname", ""),
                        State = seen.Any(view => view.Alert.IsFiring) ? SwarmAlertState.Firing : SwarmAlertState.Pending,
                        Severity = first.Labels.GetValueOrDefault("severity", ""),
                        Summary = first.Annotations.GetValueOrDefault("summary", ""),
                        RecommendedAction = first.Annotations.GetValueOrDefault("action", ""),
                        Labels = new SortedDictionary<string, string>(
                            first
                                .Labels.Where(label => label.Key is not ("alertname" or "severity"))
                                .ToDictionary(label => label.Key, label => label.Value),
                            StringComparer.Ordinal
                        ),
                        Since = first.Since,
                        SeenFrom = [.. seen.Select(view => view.Host.Node)],
                    };
                })
                .OrderByDescending(alert => alert.State)
                .ThenBy(alert => Array.IndexOf(Severities, alert.Severity) is >= 0 and var rank ? rank : Severities.Length)
                .ThenBy(alert => alert.Since)
                .ThenBy(alert => alert.Name, StringComparer.Ordinal),
        ];
}
