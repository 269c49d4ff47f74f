using System.Globalization;
using System.Text;

namespace SwarmOps;

/// <summary>Draws a matrix as text. Long names and many nodes still fit a terminal: then columns have numbers, and cells have a mark.</summary>
/// <param name="matrix">The matrix.</param>
/// <param name="color">Whether to color the results with ANSI escape sequences.</param>
internal sealed class SwarmOverlayMatrixText(SwarmOverlayMatrix matrix, bool color)
{
    /// <summary>Up to this total width the column headers are names, otherwise numbers.</summary>
    private const int WidthForNames = 110;

    /// <summary>Up to this many nodes the cells show the round trip, otherwise a mark.</summary>
    private const int NodesForLatency = 12;

    private const string Corner = "from \\ to",
        Diagonal = "-",
        Works = ".";

    private readonly List<(string Name, string Label)> nodes =
    [
        .. matrix
            .Paths.SelectMany(path => new[] { (Name: path.From, Region: path.FromRegion), (Name: path.To, Region: path.ToRegion) })
            .DistinctBy(node => node.Name)
            .Select(node => (node.Name, Label(node.Name, node.Region))),
    ];

    private readonly Dictionary<(string, string), SwarmOverlayPath> cells = matrix.Paths.ToDictionary(path => (path.From, path.To));

    private bool ShowsLatency => nodes.Count <= NodesForLatency;

    /// <inheritdoc/>
    public override string ToString()
    {
        var byNumber = nodes.Max(node => node.Label.Length + 2) * (nodes.Count + 1) > WidthForNames;
        string[] heads = [.. nodes.Select((node, number) => byNumber ? Number(number) : node.Label)];
        string[] labels =
        [
            .. nodes.Select(
                (node, number) => byNumber ? $"{Number(number).PadLeft(Number(nodes.Count - 1).Length)} {node.Label}" : node.Label
            ),
        ];
        var first = labels.Append(Corner).Max(label => label.Length);
        int[] widths =
        [
            .. heads
                .Select((head, column) => nodes.Max(node => Cell(node.Name, nodes[column].Name).Text.Length))
                .Zip(heads, (text, head) => Math.Max(text, head.Length)),
        ];

        var text = new StringBuilder(matrix.ToString()).Append("\n\n").Append(Corner.PadRight(first));
        for (var column = 0; column < nodes.Count; column++)
            text.Append(Gap).Append(heads[column].PadLeft(widths[column]));
        for (var row = 0; row < nodes.Count; row++)
        {
            text.Append('\n').Append(labels[row].PadRight(first));
            for (var column = 0; column < nodes.Count; column++)
            {
                var (cell, result) = Cell(nodes[row].Name, nodes[column].Name);
                text.Append(Gap).Append(' ', widths[column] - cell.Length).Append(result is null ? cell : Paint(cell, result.Value));
            }
        }

        return text.Append(Legend()).ToString();
    }

    private string Gap => ShowsLatency ? "  " : " ";

    /// <summary>The mark of each cause, and the number of paths that have it.</summary>
    private string Legend()
    {
        var text = new StringBuilder();
        foreach (var group in matrix.Paths.Where(path => path.Cause != SwarmOverlayCause.None).GroupBy(path => path.Cause))
            text.Append(text.Length == 0 ? "\n\n" : "\n")
                .Append(
                    CultureInfo.InvariantCulture,
                    $"{Paint(Mark(group.Key), group.First().Result)}: {group.Key} on {group.Count()} {(group.Count() == 1 ? "path" : "paths")}"
                );
        return text.ToString();
    }

    private (string Text, FindingResult? Result) Cell(string from, string to)
    {
        if (from == to || !cells.TryGetValue((from, to), out var path))
            return (Diagonal, null);
        if (path.Cause != SwarmOverlayCause.None)
            return (Mark(path.Cause), path.Result);
        return (
            ShowsLatency && path.Latency is { } latency ? string.Create(CultureInfo.InvariantCulture, $"{latency:0.0}") : Works,
            path.Result
        );
    }

    /// <summary>A word where there is room, otherwise a letter.</summary>
    private string Mark(SwarmOverlayCause cause)
    {
        var (word, letter) = cause switch
        {
            SwarmOverlayCause.NotTested => ("untested", "?"),
            SwarmOverlayCause.DataPathPortBlocked => ("VXLAN", "V"),
            SwarmOverlayCause.Protocol50Blocked => ("ESP", "E"),
            SwarmOverlayCause.NatChecksum => ("NAT", "N"),
            SwarmOverlayCause.KernelWithoutIpsec => ("kernel", "K"),
            SwarmOverlayCause.GossipBlocked => ("7946", "G"),
            SwarmOverlayCause.GossipUdpBlocked => ("7946/udp", "U"),
            SwarmOverlayCause.ControlPortBlocked => ("2377", "C"),
            SwarmOverlayCause.HostCutOff => ("cut", "X"),
            SwarmOverlayCause.MtuTooLarge => ("MTU", "M"),
            SwarmOverlayCause.StaleName => ("name", "S"),
            SwarmOverlayCause.PacketLoss => ("loss", "L"),
            _ => ("fails", "F"),
        };
        return ShowsLatency ? word : letter;
    }

    /// <summary>The node's name, with its region unless the name contains it.</summary>
    private static string Label(string name, string? region) =>
        region is null || name.Contains(region, StringComparison.Ordinal) ? name : $"{name} ({region})";

    private string Paint(string text, FindingResult result)
    {
        const char escape = '\u001b';
        var code = result switch
        {
            FindingResult.Pass => 32,
            FindingResult.Fail => 31,
            _ => 33,
        };
        return color ? string.Create(CultureInfo.InvariantCulture, $"{escape}[{code}m{text}{escape}[0m") : text;
    }

    private static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}
