namespace SwarmOps.Aws;

/// <summary>What came of a region's work: a value or an error.</summary>
internal sealed record RegionOutcome<T>(string Region, T? Value, SwarmOpsException? Error)
    where T : class;
