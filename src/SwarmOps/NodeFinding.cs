namespace SwarmOps;

/// <summary>Result of one preflight check.</summary>
public enum FindingResult
{
    /// <summary>The check passed.</summary>
    Pass,

    /// <summary>It works, but needs attention.</summary>
    Warning,

    /// <summary>A swarm would not work.</summary>
    Fail,

    /// <summary>It could not be tested; the detail tells why.</summary>
    NotTested,
}

/// <summary>One finding of <c>Test-SwarmNode</c>.</summary>
public sealed record NodeFinding
{
    /// <summary>Name of the tested node; in a test between two nodes, the sender.</summary>
    public string Node { get; init; } = "";

    /// <summary>Name of the other node in a test between two nodes; otherwise null.</summary>
    public string? Peer { get; init; }

    /// <summary>What was tested, such as <c>2377/tcp</c> or <c>ClockSkew</c>.</summary>
    public string Check { get; init; } = "";

    /// <summary>Its result.</summary>
    public FindingResult Result { get; init; }

    /// <summary>What was observed.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What to do; empty when the check passed.</summary>
    public string RecommendedAction { get; init; } = "";
}
