namespace SwarmOps;

/// <summary>What Clear-SwarmImage did on one node.</summary>
public sealed record SwarmImageCleanup
{
    /// <summary>Name of the node.</summary>
    public string Node { get; init; } = "";

    /// <summary>The node's label <c>region</c>.</summary>
    public string? Region { get; init; }

    /// <summary>Names of the images that were removed; the id of an image without a name.</summary>
    public IReadOnlyList<string> RemovedImages { get; init; } = [];

    /// <summary>How many images the node keeps.</summary>
    public int KeptCount { get; init; }

    /// <summary>Names of the images that nothing runs, and that are kept so that services can be rolled back to them.</summary>
    public IReadOnlyList<string> RollbackImages { get; init; } = [];

    /// <summary>Bytes that were free on the engine's disk before; null when that cannot be seen.</summary>
    public long? FreeBytesBefore { get; init; }

    /// <summary>Bytes that are free on the engine's disk now; null when that cannot be seen.</summary>
    public long? FreeBytesAfter { get; init; }

    /// <summary>The node's name.</summary>
    public override string ToString() => Node;
}
