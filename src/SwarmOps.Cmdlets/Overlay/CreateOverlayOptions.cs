namespace SwarmOps.Overlay;

/// <summary>How an overlay network is created.</summary>
/// <param name="Request">The requested network.</param>
/// <param name="SkipNatRepair">Whether the NAT rule is skipped.</param>
/// <param name="Timeout">Time limit of each wait.</param>
/// <param name="ThrottleLimit">How many nodes are processed at the same time.</param>
internal sealed record CreateOverlayOptions(OverlayRequest Request, bool SkipNatRepair, TimeSpan Timeout, int ThrottleLimit)
{
    /// <summary>Whether the network is tested with packets before it is written.</summary>
    public bool Verify { get; init; }
}
