using SwarmOps.Nodes;

namespace SwarmOps.Overlay;

/// <summary>A member of the swarm, and the state of NAT and the NAT rule on its host.</summary>
/// <param name="Member">The member.</param>
/// <param name="Report">The host's report.</param>
internal sealed record NatObservation(NodeObservation Member, NatRepairReport Report)
{
    /// <summary>Whether it advertises an address that is not its own.</summary>
    public bool IsBehindNat => Member.Address is { } advertised && !Report.Addresses.Contains(advertised);
}
