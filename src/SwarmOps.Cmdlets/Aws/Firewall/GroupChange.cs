using Amazon.EC2.Model;

namespace SwarmOps.Aws;

/// <summary>What is to happen to one security group.</summary>
/// <param name="Region">Its region.</param>
/// <param name="Group">The group as it was seen.</param>
/// <param name="Wanted">The rules that it should have.</param>
/// <param name="Drift">How it differed.</param>
/// <param name="Intent">What its tags are to say; null leaves them.</param>
/// <param name="Add">The missing rules that were agreed to.</param>
/// <param name="Revoke">The surplus rules that were agreed to.</param>
internal sealed record GroupChange(
    string Region,
    SecurityGroup Group,
    IReadOnlyList<SwarmFirewallRule> Wanted,
    FirewallDrift Drift,
    FirewallIntent? Intent,
    IReadOnlyList<SwarmFirewallRule> Add,
    IReadOnlyList<SwarmFirewallRule> Revoke);
