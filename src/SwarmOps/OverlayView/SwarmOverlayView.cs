using System.ComponentModel;
using System.Globalization;

namespace SwarmOps;

/// <summary>
/// What the format file draws ways by. A formatter sees one object after the other, and a matrix needs them all: the heading of a group draws it for all
/// ways of the test, and then the ways draw nothing. What was picked from them, by Where-Object for one, draws a line each.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SwarmOverlayView
{
    /// <summary>What ways that are drawn together have in common.</summary>
    /// <param name="path">A way.</param>
    public static string Group(SwarmOverlayPath path) => path?.Proof?.Id ?? path?.Overlay ?? "";

    /// <summary>The text above a group: the matrix, when it begins as all ways do.</summary>
    /// <param name="first">The first way of the group.</param>
    /// <param name="colour">Whether the host shows colours.</param>
    public static string Heading(SwarmOverlayPath first, bool colour) => first switch
    {
        null => "",
        { Proof: { } proof } when proof.Begin(first) => new SwarmOverlayMatrix(proof.Paths, colour).ToString(),
        _ => $"Overlay: {first.Overlay}",
    };

    /// <summary>The text of a way; a space when the matrix has it.</summary>
    /// <param name="path">The way.</param>
    /// <param name="colour">Whether the host shows colours.</param>
    public static string Entry(SwarmOverlayPath path, bool colour) => path switch
    {
        null => "",
        { Proof: { } proof } when proof.IsInMatrix(path) => " ",
        _ => Line(path, colour),
    };

    /// <summary>A node as it is shown: with its region, unless its name says it.</summary>
    internal static string Label(string name, string? region) => region is null || name.Contains(region, StringComparison.Ordinal) ? name : $"{name} ({region})";

    /// <summary>A text in the colour of a result.</summary>
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
