namespace SwarmOps.Insight.Report;

/// <summary>How a report is shown.</summary>
internal sealed record ReportOptions
{
    /// <summary>The title.</summary>
    public string Title { get; init; } = "Swarm report";

    /// <summary>Latitude and longitude of regions that are not known by name.</summary>
    public IReadOnlyDictionary<string, (double Latitude, double Longitude)> Coordinates { get; init; } =
        new Dictionary<string, (double Latitude, double Longitude)>();

    /// <summary>What changed since an earlier report; null when none is compared.</summary>
    public ReportChanges? Changes { get; init; }
}
