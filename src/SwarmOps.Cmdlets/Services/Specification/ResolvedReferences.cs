using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>What the names in a request stand for in the swarm.</summary>
internal sealed record ResolvedReferences
{
    /// <summary>Ids of networks by name.</summary>
    public IReadOnlyDictionary<string, string> Networks { get; init; } = new Dictionary<string, string>();

    /// <summary>Ids of all networks that a manager lists.</summary>
    public IReadOnlySet<string> ListedNetworks { get; init; } = new HashSet<string>();

    /// <summary>Ids and engine's names of secrets by name.</summary>
    public IReadOnlyDictionary<string, (string Id, string ObjectName)> Secrets { get; init; } = new Dictionary<string, (string, string)>();

    /// <summary>Ids and engine's names of configs by name.</summary>
    public IReadOnlyDictionary<string, (string Id, string ObjectName)> Configs { get; init; } = new Dictionary<string, (string, string)>();

    /// <summary>The image pinned to its digest; null when no registry told it.</summary>
    public string? PinnedImage { get; init; }

    /// <summary>The platforms that the registry has the image for.</summary>
    public JsonArray? Platforms { get; init; }
}
