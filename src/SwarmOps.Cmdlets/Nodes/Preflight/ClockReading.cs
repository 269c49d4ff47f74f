namespace SwarmOps.Nodes.Preflight;

/// <summary>How far a node's clock is from this machine's.</summary>
/// <param name="Offset">Positive when the node's clock is ahead.</param>
/// <param name="Uncertainty">Half the time that asking took.</param>
internal sealed record ClockReading(TimeSpan Offset, TimeSpan Uncertainty)
{
    /// <summary>The reading of a clock that was asked between two moments of this machine's clock.</summary>
    public static ClockReading Between(DateTime before, DateTime asked, DateTime after) => new(asked - (before + ((after - before) / 2)), (after - before) / 2);
}
