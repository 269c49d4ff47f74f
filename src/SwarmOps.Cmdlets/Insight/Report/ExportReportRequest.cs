using SwarmOps.Insight.Survey;
using SwarmOps.Pipeline;

namespace SwarmOps.Insight.Report;

/// <summary>Which report is to be written, and where.</summary>
/// <param name="Nodes">The node set.</param>
/// <param name="Path">The file, in full.</param>
internal sealed record ExportReportRequest(IReadOnlyList<SwarmNode> Nodes, string Path) : ThrottledRequest
{
    /// <summary>The title.</summary>
    public string? Title { get; init; }

    /// <summary>Whether the file is JSON.</summary>
    public bool AsJson { get; init; }

    /// <summary>An earlier report, in full; null for none.</summary>
    public string? ComparedPath { get; init; }

    /// <summary>Latitude and longitude of regions.</summary>
    public IReadOnlyDictionary<string, (double Latitude, double Longitude)> Coordinates { get; init; } =
        new Dictionary<string, (double Latitude, double Longitude)>();

    /// <summary>Whether packets are sent between the nodes.</summary>
    public bool SendsPackets { get; init; } = true;

    /// <summary>Whether an existing file is kept.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Whether the report is written to the pipeline, too.</summary>
    public bool PassThru { get; init; }

    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The EC2 cluster whose firewall is compared; null for none.</summary>
    public FirewallAccount? Firewall { get; init; }
}
