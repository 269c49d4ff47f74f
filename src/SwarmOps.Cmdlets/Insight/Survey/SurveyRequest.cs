using SwarmOps.Pipeline;

namespace SwarmOps.Insight.Survey;

/// <summary>What one pass looks at.</summary>
/// <param name="Nodes">The node set.</param>
internal sealed record SurveyRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>What progress is shown as.</summary>
    public string Activity { get; init; } = "Get-SwarmFinding";

    /// <summary>Whether packets are sent between the nodes: the ports of each pair, and the paths of overlay networks.</summary>
    public bool SendsPackets { get; init; } = true;

    /// <summary>Whether what takes long is looked for, too: waiting updates on the hosts, and conflict files in shared folders.</summary>
    public bool IsThorough { get; init; } = true;

    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The EC2 cluster whose firewall is compared; null for none.</summary>
    public FirewallAccount? Firewall { get; init; }
}
