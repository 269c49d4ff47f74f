using SwarmOps.Insight.Survey;
using SwarmOps.Pipeline;

namespace SwarmOps.Insight.Findings;

/// <summary>Which findings are wanted, and whether to go on.</summary>
/// <param name="Nodes">The node set.</param>
internal sealed record FindRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>The wanted severities; empty for all.</summary>
    public IReadOnlyList<SwarmFindingSeverity> Severities { get; init; } = [];

    /// <summary>The wanted areas; empty for all.</summary>
    public IReadOnlyList<SwarmFindingArea> Areas { get; init; } = [];

    /// <summary>Whether packets are sent between the nodes.</summary>
    public bool SendsPackets { get; init; } = true;

    /// <summary>The pause between two passes; null for one pass only.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The EC2 cluster whose firewall is compared; null for none.</summary>
    public FirewallAccount? Firewall { get; init; }

    /// <summary>Whether a finding is wanted.</summary>
    public bool Wants(SwarmFinding finding) =>
        (Severities.Count == 0 || Severities.Contains(finding.Severity)) && (Areas.Count == 0 || Areas.Contains(finding.Area));
}
