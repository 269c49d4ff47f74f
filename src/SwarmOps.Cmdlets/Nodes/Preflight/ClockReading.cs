namespace SwarmOps.Nodes.Preflight;

/// <summary>Offset of a node's clock from this machine's.</summary>
/// <param name="Offset">Positive when the node's clock is ahead.</param>
/// <param name="Uncertainty">Half the round trip of the reading.</param>
internal sealed record ClockReading(TimeSpan Offset, TimeSpan Uncertainty)
{
    /// <summary>A reading taken between two moments of this machine's clock.</summary>
    public static ClockReading Between(DateTime before, DateTime asked, DateTime after) =>
        new(asked - (before + ((after - before) / 2)), (after - before) / 2);
}
