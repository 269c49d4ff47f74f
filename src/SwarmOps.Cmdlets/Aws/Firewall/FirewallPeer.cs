namespace SwarmOps.Aws.Firewall;

/// <summary>A node as a source in security group rules.</summary>
/// <param name="Name">Its name, for the purpose of rules.</param>
/// <param name="PublicAddress">The source address of its packets, even within a region, since the nodes advertise public addresses.</param>
/// <param name="GroupIds">Its security groups.</param>
internal sealed record FirewallPeer(string Name, string PublicAddress, IReadOnlyList<string> GroupIds)
{
    /// <summary>Whether its instance is running.</summary>
    public bool IsRunning { get; init; } = true;
}
