namespace SwarmOps.Pipeline;

/// <summary>The base of the requests whose operations process several nodes or regions at the same time.</summary>
internal abstract record ThrottledRequest
{
    /// <summary>How many nodes or regions are processed at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;
}
