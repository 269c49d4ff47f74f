namespace SwarmOps.Nodes.Reachability;

/// <summary>What a node saw when it tried its targets.</summary>
internal sealed record ProberReport
{
    /// <summary>Why nothing was tried; null when the targets were.</summary>
    public string? Failure { get; init; }

    /// <summary>By number of the probe: <c>open</c>, <c>sent</c>, <c>timeout</c>, <c>silent</c>, <c>denied</c>, <c>other:NODE</c> or <c>error:NAME</c>, and milliseconds.</summary>
    public IReadOnlyDictionary<int, (string Status, int Milliseconds)> Results { get; init; } = new Dictionary<int, (string, int)>();
}
