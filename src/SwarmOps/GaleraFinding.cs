namespace SwarmOps;

/// <summary>One finding of <c>Test-GaleraSchema</c> or <c>Test-GaleraWorkload</c>.</summary>
public sealed record GaleraFinding
{
    /// <summary>Name of the Galera cluster.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Name of the node that it was seen on; null when it concerns the whole cluster.</summary>
    public string? Node { get; init; }

    /// <summary>The database; null when it concerns the server.</summary>
    public string? Database { get; init; }

    /// <summary>The table, sequence, routine, trigger or event; null when it concerns a statement or the server.</summary>
    public string? ObjectName { get; init; }

    /// <summary>What was checked, such as <c>PrimaryKey</c> or <c>Engine</c>.</summary>
    public string Check { get; init; } = "";

    /// <summary>Fail: data can differ between nodes, or the statement is not supported. Warning: it works on a condition, or at a cost, which the detail names.</summary>
    public FindingResult Result { get; init; }

    /// <summary>What was observed, and what follows from it.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What to do, with the statement to run; empty when the check passed.</summary>
    public string RecommendedAction { get; init; } = "";
}
