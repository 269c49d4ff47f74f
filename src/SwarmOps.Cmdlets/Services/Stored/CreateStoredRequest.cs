using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Which secret or config a swarm is to have.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Kind">Secret or config.</param>
/// <param name="Name">The name.</param>
/// <param name="Value">The value; a secret's is wiped.</param>
internal sealed record CreateStoredRequest(IReadOnlyList<SwarmNode> Nodes, StoredKind Kind, string Name, byte[] Value) : ThrottledRequest
{
    /// <summary>Further labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the value is generated: then an existing secret is accepted whatever its value.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>Returns the value to use in place of the generated one; null to use the generated value.</summary>
    public Func<byte[], Task<byte[]>>? Exchange { get; init; }
}
