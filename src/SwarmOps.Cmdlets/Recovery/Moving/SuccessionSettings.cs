using SwarmOps.Pipeline;

namespace SwarmOps.Recovery.Moving;

/// <summary>How a node takes the place of what it was.</summary>
/// <param name="Activity">The activity in the progress display.</param>
/// <param name="Timeout">How long each step may take.</param>
internal sealed record SuccessionSettings(string Activity, TimeSpan Timeout) : ThrottledRequest
{
    /// <summary>Whether the address is tried from a manager before the node joins.</summary>
    public bool TestReachability { get; init; } = true;
}
