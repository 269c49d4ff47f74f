namespace SwarmOps.Nodes.Reachability;

/// <summary>The report of a node that probed its targets.</summary>
internal sealed record ProberReport
{
    /// <summary>Why nothing was probed; null when the targets were.</summary>
    public string? Failure { get; init; }

    /// <summary>By number of the probe: <c>open</c>, <c>sent</c>, <c>timeout</c>, <c>silent</c>, <c>denied</c>, <c>other:NODE</c> or <c>error:NAME</c>, and milliseconds.</summary>
    public IReadOnlyDictionary<int, (string Status, int Milliseconds)> Results { get; init; } = new Dictionary<int, (string, int)>();
}
