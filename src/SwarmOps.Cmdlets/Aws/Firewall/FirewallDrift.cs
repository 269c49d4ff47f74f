namespace SwarmOps.Aws.Firewall;

/// <summary>How a security group's rules differ from the wanted ones.</summary>
/// <param name="Missing">Rules to add.</param>
/// <param name="Surplus">Rules to revoke.</param>
internal sealed record FirewallDrift(IReadOnlyList<SwarmFirewallRule> Missing, IReadOnlyList<SwarmFirewallRule> Surplus)
{
    /// <summary>Whether there is no difference.</summary>
    public bool IsNone => Missing.Count == 0 && Surplus.Count == 0;
}
