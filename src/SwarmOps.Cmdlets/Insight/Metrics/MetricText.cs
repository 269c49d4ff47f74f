using System.Globalization;
using System.Text;

namespace SwarmOps.Insight.Metrics;

/// <summary>
/// Writes metrics as OpenMetrics text. Only gauges are written, so that the text is also valid in the older Prometheus text format, which node-exporter's textfile collector and
/// Pushgateway read.
/// </summary>
/// <param name="common">Labels of every sample.</param>
internal sealed class MetricText(IReadOnlyDictionary<string, string> common)
{
    private readonly StringBuilder text = new();

    /// <summary>A sample: labels and value. A value that is not known is no sample.</summary>
    /// <param name="Value">The value; null when it is not known.</param>
    /// <param name="Labels">Names and values of its labels; a null value is an empty one.</param>
    public readonly record struct Sample(double? Value, params (string Name, string? Value)[] Labels);

    /// <summary>Adds a gauge with its samples; without samples it is left out.</summary>
    /// <param name="name">Its name, with the unit at the end.</param>
    /// <param name="help">What it is.</param>
    /// <param name="samples">The samples; the first of those with the same labels counts.</param>
    public void Gauge(string name, string help, IEnumerable<Sample> samples)
    {
        var lines = samples
            .Where(sample => sample.Value is not null)
            .Select(sample => (Labels: Labels(sample), Value: sample.Value!.Value))
            .DistinctBy(sample => sample.Labels)
            .ToList();
        if (lines.Count == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n");
        foreach (var (labels, value) in lines)
            text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {value:R}\n");
    }

    /// <summary>Adds a gauge with one sample.</summary>
    public void Gauge(string name, string help, double? value, params (string Name, string? Value)[] labels) =>
        Gauge(name, help, [new Sample(value, labels)]);

    /// <summary>The whole text.</summary>
    public override string ToString() => text + "# EOF\n";

    private string Labels(Sample sample)
    {
        var all = common
            .Select(label => (Name: label.Key, Value: (string?)label.Value))
            .Concat(sample.Labels)
            .DistinctBy(label => label.Name)
            .ToList();
        return all.Count == 0 ? "" : $"{{{string.Join(',', all.Select(label => $"{label.Name}=\"{Escape(label.Value ?? "")}\""))}}}";
    }

    private static string Escape(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
