namespace SwarmOps;

/// <summary>The way of a test file from one node's copy of a shared folder to another's.</summary>
public sealed record SwarmSharedFolderPath
{
    /// <summary>Name of the folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Name of the node that wrote the file.</summary>
    public string From { get; init; } = "";

    /// <summary>Its region.</summary>
    public string? FromRegion { get; init; }

    /// <summary>Name of the node that should receive it.</summary>
    public string To { get; init; } = "";

    /// <summary>Its region.</summary>
    public string? ToRegion { get; init; }

    /// <summary>Result of the test.</summary>
    public FindingResult Result { get; init; }

    /// <summary>Time from writing the file to its arrival, in milliseconds; null when it did not arrive.</summary>
    public double? Milliseconds { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>What was observed.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What to do; null when nothing is wrong.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>From, to and result.</summary>
    public override string ToString() => $"{From} -> {To}: {Result}";
}
