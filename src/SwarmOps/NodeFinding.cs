namespace SwarmOps;

/// <summary>How one check of the preflight ended.</summary>
public enum FindingResult
{
    /// <summary>It is as it must be.</summary>
    Pass,

    /// <summary>It works, but asks for attention.</summary>
    Warning,

    /// <summary>A swarm would not work like this.</summary>
    Fail,

    /// <summary>It could not be tested here; the detail says why.</summary>
    NotTested,
}

/// <summary>One fact that <c>Test-SwarmNode</c> found.</summary>
public sealed record NodeFinding
{
    /// <summary>Name of the node that was tested, or from which the test was made.</summary>
    public string Node { get; init; } = "";

    /// <summary>Name of the other node of a test between two; else null.</summary>
    public string? Peer { get; init; }

    /// <summary>What was tested, such as <c>2377/tcp</c> or <c>ClockSkew</c>.</summary>
    public string Check { get; init; } = "";

    /// <summary>How it ended.</summary>
    public FindingResult Result { get; init; }

    /// <summary>What was seen.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What to do about it; empty when it passed.</summary>
    public string RecommendedAction { get; init; } = "";
}
