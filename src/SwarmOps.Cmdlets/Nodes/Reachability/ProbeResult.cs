namespace SwarmOps.Nodes.Reachability;

/// <summary>Result of one probe.</summary>
/// <param name="Target">The target.</param>
/// <param name="Outcome">Its outcome.</param>
/// <param name="Detail">What was observed.</param>
internal sealed record ProbeResult(ProbeTarget Target, ProbeOutcome Outcome, string Detail)
{
    /// <summary>Whether the target can be reached.</summary>
    public bool Reached => Outcome == ProbeOutcome.Reached;

    /// <summary>Whether the target was tested and not reached.</summary>
    public bool Failed => Outcome is not (ProbeOutcome.Reached or ProbeOutcome.NotTested);
}
