using System.Text.Json;
using System.Text.Json.Serialization;

namespace SwarmOps.GeoDns.Definition;

/// <summary>
/// All that the name servers of a zone are made from. It is stored in the swarm as a config that every server mounts, so that a later run knows what was specified before.
/// </summary>
internal sealed record GeoDnsDefinition
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Name of the zone, in lower case, without the final dot.</summary>
    public string Zone { get; init; } = "";

    /// <summary>The edge service.</summary>
    public string Service { get; init; } = "";

    /// <summary>Serial of the zone.</summary>
    public long Serial { get; init; }

    /// <summary>The names that are answered by region, relative to the zone; <c>@</c> is the zone itself.</summary>
    public IReadOnlyList<string> Records { get; init; } = [];

    /// <summary>Time to live of the answers, in seconds.</summary>
    public int TtlSeconds { get; init; }

    /// <summary>The health check.</summary>
    public GeoDnsCheck Check { get; init; } = new();

    /// <summary>The regions, in the default order.</summary>
    public IReadOnlyList<GeoDnsRegion> Regions { get; init; } = [];

    /// <summary>The name servers, by number.</summary>
    public IReadOnlyList<GeoDnsHost> Servers { get; init; } = [];

    /// <summary>Networks of clients and the region that each is sent to.</summary>
    public IReadOnlyDictionary<string, string> Networks { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The database that locates clients; null for none.</summary>
    public GeoDatabaseUse? Database { get; init; }

    /// <summary>The regions that are out of DNS.</summary>
    public IReadOnlyList<string> RegionsOut { get; init; } = [];

    /// <summary>The regions that are out of DNS while a cmdlet updates the service there; it brings them back itself.</summary>
    public IReadOnlyList<string> RegionsUpdating { get; init; } = [];

    /// <summary>The nodes that are out of DNS.</summary>
    public IReadOnlyList<string> NodesOut { get; init; } = [];

    /// <summary>All edge nodes.</summary>
    [JsonIgnore]
    public IEnumerable<GeoDnsEdgeNode> EdgeNodes => Regions.SelectMany(region => region.Nodes);

    /// <summary>How long a server takes at most to notice that a node does not answer.</summary>
    [JsonIgnore]
    public int DetectionSeconds => (Check.IntervalSeconds * Check.Retries) + Check.TimeoutSeconds;

    /// <summary>The full name of a record.</summary>
    public string FullName(string record) => record == "@" ? Zone : $"{record}.{Zone}";

    /// <summary>The host name of a name server.</summary>
    public string HostName(GeoDnsHost server) => $"ns{server.Number}.{Zone}";

    /// <summary>The region of an edge node's address; null for an address of none.</summary>
    public string? RegionOf(string address) => Regions.FirstOrDefault(region => region.Nodes.Any(node => node.Address == address))?.Name;

    /// <summary>The address of a member of the swarm that is an edge node or a name server; null for another one.</summary>
    public string? AddressOf(string nodeId, string name) =>
        EdgeNodes.FirstOrDefault(node => node.Name == name)?.Address ?? Servers.FirstOrDefault(server => server.NodeId == nodeId)?.Address;

    /// <summary>Whether a node is out, itself or with its region.</summary>
    public bool IsOut(GeoDnsRegion region, GeoDnsEdgeNode node) => IsOut(region.Name) || NodesOut.Contains(node.Name);

    /// <summary>Whether a region is out, for whatever reason.</summary>
    public bool IsOut(string region) => RegionsOut.Contains(region) || RegionsUpdating.Contains(region);

    /// <summary>Whether two differ in anything but the serial.</summary>
    public bool DiffersFrom(GeoDnsDefinition other) => (this with { Serial = 0 }).ToJson() != (other with { Serial = 0 }).ToJson();

    /// <summary>As text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>From text.</summary>
    /// <exception cref="JsonException">It is not a definition.</exception>
    public static GeoDnsDefinition FromJson(ReadOnlySpan<byte> text) =>
        JsonSerializer.Deserialize<GeoDnsDefinition>(text, Json) is { Zone.Length: > 0 } definition
            ? definition
            : throw new JsonException("It names no zone.");
}

/// <summary>How the name servers check a node.</summary>
internal sealed record GeoDnsCheck
{
    /// <summary>The port on the node.</summary>
    public int Port { get; init; }

    /// <summary>The path to request over HTTP; null for a TCP connection only.</summary>
    public string? Path { get; init; }

    /// <summary>The Host header of that request; null for none.</summary>
    public string? Host { get; init; }

    /// <summary>Time between two checks.</summary>
    public int IntervalSeconds { get; init; } = 4;

    /// <summary>Timeout of one check.</summary>
    public int TimeoutSeconds { get; init; } = 2;

    /// <summary>Number of failed checks that make a node unhealthy.</summary>
    public int Retries { get; init; } = 2;
}

/// <summary>A region that clients are sent to.</summary>
internal sealed record GeoDnsRegion(string Name, double? Latitude, double? Longitude, IReadOnlyList<GeoDnsEdgeNode> Nodes)
{
    /// <summary>Whether its place is known.</summary>
    [JsonIgnore]
    public bool HasPlace => Latitude is not null && Longitude is not null;
}

/// <summary>A node of the edge service, with its public address.</summary>
internal sealed record GeoDnsEdgeNode(string Name, string Address);

/// <summary>A node that runs a name server.</summary>
/// <param name="Number">Its number, which its host name contains.</param>
/// <param name="Node">Name of the node.</param>
/// <param name="NodeId">The node's id in the swarm.</param>
/// <param name="Region">The node's region.</param>
/// <param name="Address">Its public address.</param>
/// <param name="Listen">Its own address, on which the server listens.</param>
internal sealed record GeoDnsHost(int Number, string Node, string NodeId, string Region, string Address, string Listen);

/// <summary>A database that locates clients, as it was copied to the hosts.</summary>
/// <param name="HasPlaces">Whether it knows coordinates; else only countries.</param>
/// <param name="Type">Its own name.</param>
/// <param name="Sha256">Hash of its content.</param>
internal sealed record GeoDatabaseUse(bool HasPlaces, string Type, string Sha256);
