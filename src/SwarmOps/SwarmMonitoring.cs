namespace SwarmOps;

/// <summary>State of the monitoring of a swarm. It says nothing of what is monitored: that is in the alerts.</summary>
public enum MonitoringStatus
{
    /// <summary>Every Prometheus is ready and scrapes every target.</summary>
    Healthy,

    /// <summary>The swarm is watched, and something is missing; the findings say what.</summary>
    Degraded,

    /// <summary>No Prometheus works: nobody watches the swarm.</summary>
    Down,

    /// <summary>No Prometheus could be asked, so it is not known whether the swarm is watched.</summary>
    Unknown,
}

/// <summary>State of an alert.</summary>
public enum SwarmAlertState
{
    /// <summary>The condition is met, but not long enough.</summary>
    Pending,

    /// <summary>The alert fires: Alertmanager has been told.</summary>
    Firing,
}

/// <summary>The monitoring of a swarm, at one moment.</summary>
public sealed record SwarmMonitoring
{
    /// <summary>Its name, with which the names of its services begin.</summary>
    public string Name { get; init; } = "";

    /// <summary>Id of the swarm that it runs on and watches.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>Its state.</summary>
    public MonitoringStatus Status { get; init; }

    /// <summary>The overlay network over which everything is scraped.</summary>
    public string Overlay { get; init; } = "";

    /// <summary>The Prometheus servers.</summary>
    public IReadOnlyList<SwarmPrometheus> Servers { get; init; } = [];

    /// <summary>What is scraped.</summary>
    public IReadOnlyList<SwarmMonitoringTarget> Targets { get; init; } = [];

    /// <summary>The alerts that fire or are pending, the most severe first.</summary>
    public IReadOnlyList<SwarmAlert> Alerts { get; init; } = [];

    /// <summary>What is wrong with the monitoring itself, in sentences, and what to do; empty when nothing is.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>The node set that was passed to the cmdlet, for further cmdlets.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>A Prometheus server of a swarm's monitoring, with the Alertmanager beside it.</summary>
public sealed record SwarmPrometheus
{
    /// <summary>Name of its Docker service, and its name in the overlay network.</summary>
    public string Service { get; init; } = "";

    /// <summary>Name of the node that it runs on and that has its data.</summary>
    public string Node { get; init; } = "";

    /// <summary>The node's region; null when it has none.</summary>
    public string? Region { get; init; }

    /// <summary>Whether it answered that it is ready.</summary>
    public bool IsReady { get; init; }

    /// <summary>Number of its targets; null when it could not be asked.</summary>
    public int? TargetCount { get; init; }

    /// <summary>Number of targets whose last scrape succeeded; null when it could not be asked.</summary>
    public int? UpTargetCount { get; init; }

    /// <summary>Number of alert rules that it has loaded; null when it could not be asked.</summary>
    public int? RuleCount { get; init; }

    /// <summary>Number of Alertmanagers that it sends alerts to; null when it could not be asked.</summary>
    public int? AlertmanagerCount { get; init; }

    /// <summary>Why it could not be asked, or which rule failed; null when nothing is wrong.</summary>
    public string? Error { get; init; }

    /// <summary>The service.</summary>
    public override string ToString() => Service;
}

/// <summary>A target of a swarm's monitoring, as every Prometheus sees it.</summary>
public sealed record SwarmMonitoringTarget
{
    /// <summary>What is scraped: <c>node</c>, <c>galera</c>, <c>edge</c>, <c>manager</c>, <c>url</c>, <c>blackbox</c>, <c>prometheus</c> or <c>alertmanager</c>.</summary>
    public string Job { get; init; } = "";

    /// <summary>The address that is scraped; for a probe what it asks, such as a URL.</summary>
    public string Instance { get; init; } = "";

    /// <summary>The region from which a probe asks; null for everything else.</summary>
    public string? From { get; init; }

    /// <summary>The node that the target tells about; null when Prometheus does not know it.</summary>
    public string? Node { get; init; }

    /// <summary>Names of the nodes whose Prometheus scraped it successfully the last time.</summary>
    public IReadOnlyList<string> UpFrom { get; init; } = [];

    /// <summary>Names of the nodes whose Prometheus could not scrape it; a Prometheus that could not be asked, or has not scraped it yet, is in neither list.</summary>
    public IReadOnlyList<string> DownFrom { get; init; } = [];

    /// <summary>Why the last scrape failed; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Job and address.</summary>
    public override string ToString() => $"{Job} {Instance}";
}

/// <summary>An alert of a swarm's monitoring.</summary>
public sealed record SwarmAlert
{
    /// <summary>Its name, such as <c>SwarmNodeMissing</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its state; firing as soon as it fires in one Prometheus.</summary>
    public SwarmAlertState State { get; init; }

    /// <summary><c>critical</c> or <c>warning</c>, or what a rule of your own says.</summary>
    public string Severity { get; init; } = "";

    /// <summary>What is wrong, in a sentence.</summary>
    public string Summary { get; init; } = "";

    /// <summary>What to do.</summary>
    public string RecommendedAction { get; init; } = "";

    /// <summary>Its other labels, which say what it is about.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Since when the condition is met (UTC), as the first Prometheus saw it.</summary>
    public DateTime Since { get; init; }

    /// <summary>Names of the nodes whose Prometheus sees it.</summary>
    public IReadOnlyList<string> SeenFrom { get; init; } = [];

    /// <summary>Name and summary.</summary>
    public override string ToString() => $"{Name}: {Summary}";
}
