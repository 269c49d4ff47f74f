namespace SwarmOps.Aws;

/// <summary>How a group differs from what it should be.</summary>
/// <param name="Missing">Rules to add.</param>
/// <param name="Surplus">Rules to revoke.</param>
internal sealed record FirewallDrift(IReadOnlyList<SwarmFirewallRule> Missing, IReadOnlyList<SwarmFirewallRule> Surplus)
{
    /// <summary>Whether there is none.</summary>
    public bool IsNone => Missing.Count == 0 && Surplus.Count == 0;
}
