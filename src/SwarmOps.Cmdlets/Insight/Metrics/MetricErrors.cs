namespace SwarmOps.Insight.Metrics;

/// <summary>Errors of metrics, each with its id and recommended action (docs/errors/reports.md).</summary>
internal static class MetricErrors
{
    public static SwarmOpsException MetricLabelInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is no name of a label: letters, digits and underscores are permitted, no digit at the beginning and no two underscores.",
            "Specify another name: -Label @{ cluster = 'shop' }.",
            name
        );
}
