using System.Net;
using SwarmOps.Nodes;

namespace SwarmOps.Overlay;

/// <summary>A member of the swarm and what its host says about NAT and the rule.</summary>
/// <param name="Member">The member.</param>
/// <param name="Report">What its host says.</param>
internal sealed record NatObservation(NodeObservation Member, NatRepairReport Report)
{
    /// <summary>Whether it advertises an address that is not its own.</summary>
    public bool IsBehindNat => IPAddress.TryParse(Member.NodeAddress, out var advertised) && !Report.Addresses.Contains(advertised);
}
