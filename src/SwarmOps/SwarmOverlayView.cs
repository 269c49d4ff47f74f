using System.ComponentModel;
using System.Globalization;

namespace SwarmOps;

/// <summary>
/// Used by the format file to draw paths. A formatter gets one object at a time, and a matrix needs all: the group heading draws it for all
/// paths of the test, and the paths themselves draw nothing. A selection, for example by Where-Object, draws one line per path.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SwarmOverlayView
{
    /// <summary>The group of a path: paths of one group are drawn together.</summary>
    /// <param name="path">A path.</param>
    public static string Group(SwarmOverlayPath path) => path?.Proof?.Id ?? path?.Overlay ?? "";

    /// <summary>The text above a group: the matrix, when it starts like one of all paths.</summary>
    /// <param name="first">The first path of the group.</param>
    /// <param name="colour">Whether the host supports colors.</param>
    public static string Heading(SwarmOverlayPath first, bool colour) => first switch
    {
        null => "",
        { Proof: { } proof } when proof.Begin(first) => new SwarmOverlayMatrix(proof.Paths, colour).ToString(),
        _ => $"Overlay: {first.Overlay}",
    };

    /// <summary>The text of a path; a space when the matrix shows it.</summary>
    /// <param name="path">The path.</param>
    /// <param name="colour">Whether the host supports colors.</param>
    public static string Entry(SwarmOverlayPath path, bool colour) => path switch
    {
        null => "",
        { Proof: { } proof } when proof.IsInMatrix(path) => " ",
        _ => Line(path, colour),
    };

    /// <summary>A node's label: its name, with the region unless the name contains it.</summary>
    internal static string Label(string name, string? region) => region is null || name.Contains(region, StringComparison.Ordinal) ? name : $"{name} ({region})";

    /// <summary>A text in the color of a result.</summary>
    internal static string Paint(string text, FindingResult result, bool colour)
    {
        const char escape = '\u001b';
        var code = result switch { FindingResult.Pass => 32, FindingResult.Fail => 31, _ => 33 };
        return colour ? string.Create(CultureInfo.InvariantCulture, $"{escape}[{code}m{text}{escape}[0m") : text;
    }

    private static string Line(SwarmOverlayPath path, bool colour)
    {
        var others = path.Proof?.Paths ?? [path];
        var from = Label(path.From, path.FromRegion).PadRight(others.Max(other => Label(other.From, other.FromRegion).Length));
        var to = Label(path.To, path.ToRegion).PadRight(others.Max(other => Label(other.To, other.ToRegion).Length));
        var result = Paint(path.Result.ToString().PadRight(nameof(FindingResult.NotTested).Length), path.Result, colour);
        var latency = path.Latency is { } milliseconds ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms") : "no answer";
        var cause = path.Cause == SwarmOverlayCause.None ? "" : $" {path.Cause}";
        return string.Create(CultureInfo.InvariantCulture, $"{from} -> {to}  {result} {latency,9} {path.Loss * 100,4:0} % lost {path.LargestPacket,5}/{path.Mtu}{cause}");
    }
}
