namespace SwarmOps.Services.Stored;

/// <summary>Which secret or config is to have a new value.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Kind">Secret or config.</param>
/// <param name="Name">The name.</param>
/// <param name="Value">The new value; a secret's is wiped.</param>
internal sealed record RotateStoredRequest(IReadOnlyList<SwarmNode> Nodes, StoredKind Kind, string Name, byte[] Value)
{
    /// <summary>Whether the value is generated: then one that an interrupted run generated is used as well.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>Stores the value elsewhere too, once all services have it; null for nowhere else.</summary>
    public Func<byte[], Task>? Keep { get; init; }

    /// <summary>How long each service may take.</summary>
    public ServiceOptions Options { get; init; } = new();
}
