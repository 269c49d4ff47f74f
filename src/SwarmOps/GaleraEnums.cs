namespace SwarmOps;

/// <summary>How the nodes of a Galera cluster are placed in the swarm.</summary>
public enum GaleraLayout
{
    /// <summary>One service per region, <c>galera-eu-central-1</c> and so on: applications use a local name, and nodes can be restarted one at a time.</summary>
    PerRegion,

    /// <summary>One global service: one node on every host of the swarm.</summary>
    Global,
}

/// <summary>The overall status of a Galera cluster.</summary>
public enum GaleraStatus
{
    /// <summary>All expected nodes are Synced in one Primary component.</summary>
    Healthy,

    /// <summary>There is one Primary component, but with problems: see the findings.</summary>
    Degraded,

    /// <summary>No node is in a Primary component: the database accepts no writes.</summary>
    Down,

    /// <summary>Split-brain: nodes have different cluster state UUIDs, or form separate Primary components, and their data diverges.</summary>
    Split,

    /// <summary>No node reports a Primary component, and not all nodes could be asked: whether the database accepts writes is not known.</summary>
    Unknown,
}
