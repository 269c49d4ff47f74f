namespace SwarmOps.Aws;

/// <summary>A node, as the security groups see it.</summary>
/// <param name="Name">Its name, for the purpose of rules.</param>
/// <param name="PublicAddress">The address from which its packets come, also within a region: the nodes advertise public addresses.</param>
/// <param name="GroupIds">The security groups that it has.</param>
internal sealed record FirewallPeer(string Name, string PublicAddress, IReadOnlyList<string> GroupIds);
