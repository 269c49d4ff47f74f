namespace SwarmOps.Nodes.Reachability;

/// <summary>Outcome of a probe.</summary>
internal enum ProbeOutcome
{
    /// <summary>It arrived at the target.</summary>
    Reached,

    /// <summary>The host or a device on the path refused it: nothing listens, or a firewall rejects it.</summary>
    Refused,

    /// <summary>No answer in time: a firewall drops packets, or no host has the address.</summary>
    NoAnswer,

    /// <summary>The sender's host, or a router, has no route.</summary>
    Unreachable,

    /// <summary>The address belongs to another machine.</summary>
    WrongHost,

    /// <summary>It could not be tested.</summary>
    NotTested,
}
