namespace SwarmOps;

/// <summary>State of the name servers of a zone.</summary>
public enum GeoDnsStatus
{
    /// <summary>Every name server answers with the current zone, and every region that is not out has a healthy node.</summary>
    Healthy,

    /// <summary>Clients are answered, and something is missing or wrong; the findings say what.</summary>
    Degraded,

    /// <summary>No name server answers.</summary>
    Down,
}

/// <summary>A zone whose name servers run on the swarm and answer each client with the nearest healthy region, at one moment.</summary>
public sealed record SwarmGeoDns
{
    /// <summary>Name of the zone, such as <c>edge.example.org</c>.</summary>
    public string Zone { get; init; } = "";

    /// <summary>The edge service that the zone points to.</summary>
    public string Service { get; init; } = "";

    /// <summary>Id of the swarm that runs it.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>Its state.</summary>
    public GeoDnsStatus Status { get; init; }

    /// <summary>The serial that every name server should have; it changes with every change of the zone, of its regions and of how clients are located.</summary>
    public long Serial { get; init; }

    /// <summary>The names that are answered by region, such as <c>edge.example.org</c>.</summary>
    public IReadOnlyList<string> Records { get; init; } = [];

    /// <summary>How long resolvers keep an answer, in seconds.</summary>
    public int TtlSeconds { get; init; }

    /// <summary>How long a name server takes at most to notice that a node does not answer, in seconds.</summary>
    public int DetectionSeconds { get; init; }

    /// <summary>How clients are located: by networks, by a database of cities or countries, or in the default order only.</summary>
    public string Locating { get; init; } = "";

    /// <summary>The regions, in the default order.</summary>
    public IReadOnlyList<SwarmGeoDnsRegion> Regions { get; init; } = [];

    /// <summary>The name servers.</summary>
    public IReadOnlyList<SwarmGeoDnsServer> Servers { get; init; } = [];

    /// <summary>What each name server answers probe clients, one for each continent or mapped region.</summary>
    public IReadOnlyList<SwarmGeoDnsAnswer> Answers { get; init; } = [];

    /// <summary>The name servers that the parent zone lists for this zone; null when it could not be asked.</summary>
    public IReadOnlyList<string>? DelegatedTo { get; init; }

    /// <summary>What is wrong, in sentences, and what to do; empty when nothing is.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>The node set that was passed to the cmdlet, for further cmdlets.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>The zone.</summary>
    public override string ToString() => Zone;
}

/// <summary>A region that a zone answers with.</summary>
public sealed record SwarmGeoDnsRegion
{
    /// <summary>Name of the region.</summary>
    public string Name { get; init; } = "";

    /// <summary>Latitude in degrees; null when it is not known.</summary>
    public double? Latitude { get; init; }

    /// <summary>Longitude in degrees; null when it is not known.</summary>
    public double? Longitude { get; init; }

    /// <summary>Whether Set-SwarmEdge took the whole region out of DNS.</summary>
    public bool IsOut { get; init; }

    /// <summary>The nodes that run the edge service there.</summary>
    public IReadOnlyList<SwarmGeoDnsNode> EdgeNodes { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>A node of an edge service that a zone answers with.</summary>
public sealed record SwarmGeoDnsNode
{
    /// <summary>Name of the node.</summary>
    public string Node { get; init; } = "";

    /// <summary>Its public address.</summary>
    public string Address { get; init; } = "";

    /// <summary>Whether Set-SwarmEdge took it out of DNS.</summary>
    public bool IsOut { get; init; }

    /// <summary>Names of the nodes whose name servers see it healthy.</summary>
    public IReadOnlyList<string> HealthyFrom { get; init; } = [];

    /// <summary>Names of the nodes whose name servers see it unhealthy; a name server that could not be asked is in neither list.</summary>
    public IReadOnlyList<string> UnhealthyFrom { get; init; } = [];

    /// <summary>The node.</summary>
    public override string ToString() => Node;
}
