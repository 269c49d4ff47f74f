using Amazon.EC2.Model;

namespace SwarmOps.Aws.Firewall;

/// <summary>The change of one security group.</summary>
/// <param name="Region">Its region.</param>
/// <param name="Group">The group as it was read.</param>
/// <param name="Wanted">The wanted rules.</param>
/// <param name="Drift">The difference.</param>
/// <param name="Intent">The intent to write to its tags; null keeps them.</param>
/// <param name="Add">The missing rules that were confirmed.</param>
/// <param name="Revoke">The surplus rules that were confirmed.</param>
internal sealed record GroupChange(
    string Region,
    SecurityGroup Group,
    IReadOnlyList<SwarmFirewallRule> Wanted,
    FirewallDrift Drift,
    FirewallIntent? Intent,
    IReadOnlyList<SwarmFirewallRule> Add,
    IReadOnlyList<SwarmFirewallRule> Revoke
);
