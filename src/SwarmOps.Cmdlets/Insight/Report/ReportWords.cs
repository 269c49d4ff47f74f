using System.Globalization;
using SwarmOps.Insight.Findings;

namespace SwarmOps.Insight.Report;

/// <summary>How values are written in a report.</summary>
internal static class ReportWords
{
    /// <summary>What is not known.</summary>
    public const string NotKnown = "not known";

    /// <summary>A time, UTC.</summary>
    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A date.</summary>
    public static string Date(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A length of time in its largest unit.</summary>
    public static string Span(TimeSpan span) =>
        span.TotalDays >= 2 ? Unit(span.TotalDays, "d")
        : span.TotalHours >= 2 ? Unit(span.TotalHours, "h")
        : span.TotalMinutes >= 2 ? Unit(span.TotalMinutes, "min")
        : Unit(span.TotalSeconds, "s");

    /// <summary>A number of bytes.</summary>
    public static string Size(long? bytes) => bytes is { } known ? HostJudge.Size(known) : NotKnown;

    /// <summary>A latency in milliseconds.</summary>
    public static string Milliseconds(double value) => value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    /// <summary>The image without its digest.</summary>
    public static string Image(string image) => image.Split('@')[0];

    /// <summary>A severity as a badge: sign and word, since color alone says nothing to some.</summary>
    public static Markup Badge(SwarmFindingSeverity severity) =>
        Markup.Of($"<span class=\"tag {severity}\"><span aria-hidden=\"true\">{Sign(severity)}</span> {severity}</span>");

    /// <summary>A word as a badge.</summary>
    /// <param name="tone">ok, warn, bad, unknown or plain.</param>
    /// <param name="word">The word.</param>
    public static Markup Badge(string tone, string word) => Markup.Of($"<span class=\"tag {tone}\">{word}</span>");

    /// <summary>A share as a bar with its number; red and amber where a finding says so.</summary>
    /// <param name="share">0 to 1.</param>
    /// <param name="notice">From where it is amber.</param>
    /// <param name="alarm">From where it is red.</param>
    public static Markup Bar(double share, double notice, double alarm)
    {
        var percent = Math.Clamp(share * 100, 0, 100);
        var tone =
            share >= alarm ? "bad"
            : share >= notice ? "warn"
            : "";
        return Markup.Of(
            $"<span class=\"nowrap\"><span class=\"bar\" aria-hidden=\"true\"><i class=\"{tone}\" style=\"width:{percent:0}%\"></i></span>{percent:0} %</span>"
        );
    }

    /// <summary>A count with its noun.</summary>
    public static string Count(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    private static string Unit(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0} {unit}");

    private static string Sign(SwarmFindingSeverity severity) =>
        severity switch
        {
            SwarmFindingSeverity.Critical => "\u00d7",
            SwarmFindingSeverity.Warning => "!",
            SwarmFindingSeverity.Unknown => "?",
            _ => "i",
        };
}
