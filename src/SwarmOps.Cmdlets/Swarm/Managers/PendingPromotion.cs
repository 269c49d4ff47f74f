using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>A promotion whose node votes already, as far as the leader reports, and is still being asked itself.</summary>
/// <param name="Candidate">The node.</param>
/// <param name="Verifying">The swarm as the new manager lists it; null when it did not become one in time.</param>
internal sealed record PendingPromotion(SetMember Candidate, Task<SwarmView?> Verifying)
{
    /// <summary>Whether it is known by now that it failed.</summary>
    public bool HasFailed => Verifying.IsCompletedSuccessfully && Verifying.Result is null;
}
