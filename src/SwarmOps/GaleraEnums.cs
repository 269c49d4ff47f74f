namespace SwarmOps;

/// <summary>How a Galera cluster is spread over the swarm.</summary>
public enum GaleraLayout
{
    /// <summary>One service a region, <c>galera-eu-central-1</c> and so on: applications have a local name, and nodes can be restarted one at a time.</summary>
    PerRegion,

    /// <summary>One global service: a node on every host of the swarm.</summary>
    Global,
}

/// <summary>What a Galera cluster is, taken together.</summary>
public enum GaleraStatus
{
    /// <summary>Every node that should be is Synced in one Primary component.</summary>
    Healthy,

    /// <summary>There is one Primary component, and something is missing or wrong: see the findings.</summary>
    Degraded,

    /// <summary>No node is in a Primary component: nothing can be written.</summary>
    Down,

    /// <summary>Nodes hold different clusters: their data has parted.</summary>
    Split,

    /// <summary>No node says that it is in a Primary component, and not all could be asked: whether the database takes writes is not known.</summary>
    Unknown,
}
