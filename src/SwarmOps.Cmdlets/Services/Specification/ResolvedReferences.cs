using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>The objects of the swarm that the names in a request refer to.</summary>
internal sealed record ResolvedReferences
{
    /// <summary>Ids of networks by name.</summary>
    public IReadOnlyDictionary<string, string> Networks { get; init; } = new Dictionary<string, string>();

    /// <summary>Ids of all networks that the manager lists.</summary>
    public IReadOnlySet<string> ListedNetworks { get; init; } = new HashSet<string>();

    /// <summary>Ids and object names of secrets by name.</summary>
    public IReadOnlyDictionary<string, (string Id, string ObjectName)> Secrets { get; init; } = new Dictionary<string, (string, string)>();

    /// <summary>Ids and object names of configs by name.</summary>
    public IReadOnlyDictionary<string, (string Id, string ObjectName)> Configs { get; init; } = new Dictionary<string, (string, string)>();

    /// <summary>The image pinned to its digest; null if no registry returned one.</summary>
    public string? PinnedImage { get; init; }

    /// <summary>The platforms that the registry has the image for.</summary>
    public JsonArray? Platforms { get; init; }
}
