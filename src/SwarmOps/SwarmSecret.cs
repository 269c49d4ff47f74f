namespace SwarmOps;

/// <summary>A secret of a swarm: its metadata, never its value, which engines do not return.</summary>
public sealed record SwarmSecret
{
    /// <summary>The name that services and scripts use; the same for all versions.</summary>
    public string Name { get; init; } = "";

    /// <summary>Version of the value: 1 for the first, one more with each update.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The name of this version in the engine: the name itself for version 1, then <c>name-v2</c> and so on.</summary>
    public string ObjectName { get; init; } = "";

    /// <summary>The engine's id of the object.</summary>
    public string Id { get; init; } = "";

    /// <summary>Id of the swarm that holds it.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>Its labels, including the ones for name and version.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of the services that use it.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>When it was created, UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public DateTime UpdatedAt { get; init; }

    /// <summary>The node set that was passed to the cmdlet, for further cmdlets.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
