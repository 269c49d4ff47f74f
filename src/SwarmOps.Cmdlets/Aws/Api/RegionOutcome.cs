namespace SwarmOps.Aws.Api;

/// <summary>The result of one region: a value or an error.</summary>
internal sealed record RegionOutcome<T>(string Region, T? Value, SwarmOpsException? Error)
    where T : class;
