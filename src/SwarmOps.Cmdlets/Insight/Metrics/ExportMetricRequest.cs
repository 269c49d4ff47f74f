using SwarmOps.Insight.Survey;
using SwarmOps.Pipeline;

namespace SwarmOps.Insight.Metrics;

/// <summary>Which metrics are to be written, and where.</summary>
/// <param name="Nodes">The node set.</param>
/// <param name="Path">The file, in full.</param>
internal sealed record ExportMetricRequest(IReadOnlyList<SwarmNode> Nodes, string Path) : ThrottledRequest
{
    /// <summary>Labels of every sample.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether packets are sent between the nodes.</summary>
    public bool SendsPackets { get; init; } = true;

    /// <summary>Whether the text is written to the pipeline, too.</summary>
    public bool PassThru { get; init; }

    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The EC2 cluster whose firewall is compared; null for none.</summary>
    public FirewallAccount? Firewall { get; init; }
}
