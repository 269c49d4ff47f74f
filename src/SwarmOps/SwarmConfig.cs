namespace SwarmOps;

/// <summary>A config of a swarm: a file that services see, not secret.</summary>
public sealed record SwarmConfig
{
    /// <summary>The name that services and scripts use; the same over all versions.</summary>
    public string Name { get; init; } = "";

    /// <summary>Which content it is: 1 for the first, one more with each rotation.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The engine's name of this version: the name itself for the first, then <c>name-v2</c> and so on.</summary>
    public string ObjectName { get; init; } = "";

    /// <summary>The engine's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Id of the swarm that holds it.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>Its labels, those of name and version included.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of the services that use it.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>Size of the content in bytes.</summary>
    public int Length { get; init; }

    /// <summary>The content as UTF-8 text; null when it is not text.</summary>
    public string? Content { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it was last changed, in UTC.</summary>
    public DateTime UpdatedAt { get; init; }

    /// <summary>The node set that came down the pipeline, for the next stage.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
