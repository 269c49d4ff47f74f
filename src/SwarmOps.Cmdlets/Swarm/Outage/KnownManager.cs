using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Outage;

/// <summary>A known manager of a swarm without quorum.</summary>
/// <param name="NodeId">Its id; empty when only its address is known.</param>
/// <param name="Address">Its address and port; empty when only its id is known.</param>
/// <param name="Report">Its report; null when it is not in the node set.</param>
internal sealed record KnownManager(string NodeId, string Address, NodeReport? Report)
{
    /// <summary>Whether its engine answers and is active, or tries to become active.</summary>
    public bool Answers => Report?.Observation is { LocalState: LocalNodeStates.Active or LocalNodeStates.Pending };

    /// <summary>Such as <c>'us-east-1' (203.0.113.33:2377)</c>, or the address alone.</summary>
    public override string ToString() =>
        Report is null
            ? Address.Length > 0
                ? Address
                : NodeId
            : $"'{Report.Node.Name}'{(Address.Length > 0 ? $" ({Address})" : "")}";
}
