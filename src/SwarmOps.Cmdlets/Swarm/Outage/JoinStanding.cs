namespace SwarmOps.Swarm.Outage;

/// <summary>What a node is to the swarm that it should be in.</summary>
internal enum JoinStanding
{
    /// <summary>It is in no swarm.</summary>
    Bare,

    /// <summary>A member that takes part.</summary>
    Member,

    /// <summary>The swarm lists it, and its engine does not take part at the moment: it comes back by itself, or is removed, but is never made to leave.</summary>
    Returning,

    /// <summary>It is proven never to have finished a join, or the swarm that it names as its own does not list it any more: nothing is lost when it leaves.</summary>
    HalfJoined,

    /// <summary>It holds the state of a swarm, and nothing proves that it may leave.</summary>
    Held,
}
