namespace SwarmOps.Swarm.Outage;

/// <summary>The relation of a node to the swarm that it should join.</summary>
internal enum JoinStanding
{
    /// <summary>It is in no swarm.</summary>
    Bare,

    /// <summary>An active member.</summary>
    Member,

    /// <summary>The swarm lists it, but its engine is not active: it becomes active by itself or is removed, but never leaves for a join.</summary>
    Returning,

    /// <summary>Its join was never completed, or its swarm no longer lists it: nothing is lost when it leaves.</summary>
    HalfJoined,

    /// <summary>It has the state of a swarm that may be needed.</summary>
    Held,
}
