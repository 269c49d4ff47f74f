namespace SwarmOps;

/// <summary>What Publish-SwarmStack would do to one object of a stack.</summary>
public sealed record SwarmStackDifference
{
    /// <summary>Name of the stack.</summary>
    public string Stack { get; init; } = "";

    /// <summary>Id of the swarm.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>The kind of the object.</summary>
    public SwarmStackObjectKind Kind { get; init; }

    /// <summary>Name of the object in the swarm.</summary>
    public string Name { get; init; } = "";

    /// <summary>What would be done to it.</summary>
    public SwarmStackChange Change { get; init; }

    /// <summary>What differs, a line each. Values that may be secret are not shown.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>Change, kind and name.</summary>
    public override string ToString() => $"{Change} {Kind} {Name}";
}

/// <summary>The kinds of objects that a stack consists of.</summary>
public enum SwarmStackObjectKind
{
    /// <summary>A service.</summary>
    Service,

    /// <summary>A network.</summary>
    Network,

    /// <summary>A secret.</summary>
    Secret,

    /// <summary>A config.</summary>
    Config,

    /// <summary>A Galera cluster.</summary>
    GaleraCluster,

    /// <summary>A shared folder.</summary>
    SharedFolder,

    /// <summary>The name servers of a zone.</summary>
    GeoDns,

    /// <summary>A volume, which the tasks create on their nodes.</summary>
    Volume,
}

/// <summary>What is done to an object of a stack.</summary>
public enum SwarmStackChange
{
    /// <summary>The swarm does not have it.</summary>
    Create,

    /// <summary>It differs from the file.</summary>
    Update,

    /// <summary>An earlier version that no service will use any more, or with -Prune an object that the file does not have.</summary>
    Remove,

    /// <summary>The swarm has it, the file does not, and -Prune was not specified: it stays.</summary>
    Keep,
}
