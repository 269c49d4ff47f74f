namespace SwarmOps;

/// <summary>An image on one node after Copy-SwarmImage.</summary>
public sealed record SwarmImageCopy
{
    /// <summary>Name of the node.</summary>
    public string Node { get; init; } = "";

    /// <summary>The node's region.</summary>
    public string? Region { get; init; }

    /// <summary>Name of the image; its id if it has none.</summary>
    public string Image { get; init; } = "";

    /// <summary>The image's id on this node.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>Whether it was sent to the node; false if the node had it.</summary>
    public bool IsCopied { get; init; }

    /// <summary>Bytes that were sent to the node.</summary>
    public long SentBytes { get; init; }

    /// <summary>How many of the image's layers were sent: those that the node lacked.</summary>
    public int SentLayerCount { get; init; }

    /// <summary>How many layers the image has.</summary>
    public int LayerCount { get; init; }

    /// <summary>Image and node.</summary>
    public override string ToString() => $"{Image} on {Node}";
}
