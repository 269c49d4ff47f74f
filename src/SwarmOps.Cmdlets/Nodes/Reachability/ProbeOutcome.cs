namespace SwarmOps.Nodes.Reachability;

/// <summary>How a probe ended.</summary>
internal enum ProbeOutcome
{
    /// <summary>It arrived where it was meant to.</summary>
    Reached,

    /// <summary>Something on the way, or the host, said no: nothing listens, or a firewall rejects.</summary>
    Refused,

    /// <summary>Nothing came back in time: a firewall drops, or nobody has the address.</summary>
    NoAnswer,

    /// <summary>The sender's own host, or a router, knows no way.</summary>
    Unreachable,

    /// <summary>The address leads to another machine.</summary>
    WrongHost,

    /// <summary>It could not be tried, or not be judged.</summary>
    NotTested,
}
