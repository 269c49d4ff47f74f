namespace SwarmOps.Nodes.Reachability;

/// <summary>How one probe ended, in a word and in a sentence.</summary>
/// <param name="Target">What was tried.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Detail">What was seen.</param>
internal sealed record ProbeResult(ProbeTarget Target, ProbeOutcome Outcome, string Detail)
{
    /// <summary>Whether the target can be reached.</summary>
    public bool Reached => Outcome == ProbeOutcome.Reached;

    /// <summary>Whether the target was tried in vain.</summary>
    public bool Failed => Outcome is not (ProbeOutcome.Reached or ProbeOutcome.NotTested);
}
