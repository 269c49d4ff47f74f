namespace SwarmOps.Overlay;

/// <summary>How an overlay network is made.</summary>
/// <param name="Request">What is asked for.</param>
/// <param name="SkipNatRepair">Whether the nodes are left as they are.</param>
/// <param name="Timeout">How long each wait may take.</param>
/// <param name="ThrottleLimit">How many nodes are worked on at the same time.</param>
internal sealed record CreateOverlayOptions(OverlayRequest Request, bool SkipNatRepair, TimeSpan Timeout, int ThrottleLimit)
{
    /// <summary>Whether packets must prove the network before it is emitted.</summary>
    public bool Verify { get; init; }
}
