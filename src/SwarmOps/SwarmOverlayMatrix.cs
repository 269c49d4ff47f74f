using System.Globalization;
using System.Text;

namespace SwarmOps;

/// <summary>Draws all paths of a test as a matrix: one row per sender, one column per receiver.</summary>
/// <param name="paths">The paths.</param>
/// <param name="colour">Whether the host supports colors.</param>
internal sealed class SwarmOverlayMatrix(IReadOnlyList<SwarmOverlayPath> paths, bool colour)
{
    /// <summary>Up to this total width the column headers are names, otherwise numbers.</summary>
    private const int WidthForNames = 110;

    /// <summary>Up to this many nodes the cells show the round trip, otherwise a mark.</summary>
    private const int NodesForLatency = 12;

    private const string Corner = "from \\ to", Diagonal = "-", Sound = ".";

    private readonly List<(string Name, string Label)> nodes =
    [
        .. paths.SelectMany(path => new[] { (Name: path.From, Region: path.FromRegion), (Name: path.To, Region: path.ToRegion) })
            .DistinctBy(node => node.Name).OrderBy(node => node.Region, StringComparer.Ordinal).ThenBy(node => node.Name, StringComparer.Ordinal)
            .Select(node => (node.Name, SwarmOverlayView.Label(node.Name, node.Region))),
    ];

    private readonly Dictionary<(string, string), SwarmOverlayPath> cells = paths.ToDictionary(path => (path.From, path.To));

    private bool ShowsLatency => nodes.Count <= NodesForLatency;

    /// <inheritdoc/>
    public override string ToString()
    {
        var byNumber = nodes.Max(node => node.Label.Length + 2) * (nodes.Count + 1) > WidthForNames;
        string[] heads = [.. nodes.Select((node, number) => byNumber ? Number(number) : node.Label)];
        string[] labels = [.. nodes.Select((node, number) => byNumber ? $"{Number(number).PadLeft(Number(nodes.Count - 1).Length)} {node.Label}" : node.Label)];
        var first = labels.Append(Corner).Max(label => label.Length);
        int[] widths = [.. heads.Select((head, column) => nodes.Max(node => Cell(node.Name, nodes[column].Name).Text.Length)).Zip(heads, (text, head) => Math.Max(text, head.Length))];

        var text = new StringBuilder(Title()).Append("\n\n").Append(Corner.PadRight(first));
        for (var column = 0; column < nodes.Count; column++)
            text.Append(Gap).Append(heads[column].PadLeft(widths[column]));
        for (var row = 0; row < nodes.Count; row++)
        {
            text.Append('\n').Append(labels[row].PadRight(first));
            for (var column = 0; column < nodes.Count; column++)
            {
                var (cell, result) = Cell(nodes[row].Name, nodes[column].Name);
                text.Append(Gap).Append(' ', widths[column] - cell.Length).Append(result is null ? cell : SwarmOverlayView.Paint(cell, result.Value, colour));
            }
        }

        return text.Append(Legend()).ToString();
    }

    private string Gap => ShowsLatency ? "  " : " ";

    private string Title()
    {
        var times = paths.Select(path => path.Latency).OfType<double>().ToList();
        var latency = times.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", round trips {times.Min():0.0} to {times.Max():0.0} ms");
        return $"Overlay {paths[0].Overlay}: {paths.Count(path => path.Result == FindingResult.Pass)} of {paths.Count} paths work{latency}";
    }

    /// <summary>The mark of each cause, and the number of paths that have it.</summary>
    private string Legend()
    {
        var text = new StringBuilder();
        foreach (var group in paths.Where(path => path.Cause != SwarmOverlayCause.None).GroupBy(path => path.Cause))
            text.Append(text.Length == 0 ? "\n\n" : "\n").Append(CultureInfo.InvariantCulture, $"{SwarmOverlayView.Paint(Mark(group.Key), group.First().Result, colour)}: {group.Key} on {group.Count()} {(group.Count() == 1 ? "path" : "paths")}");
        return text.ToString();
    }

    private (string Text, FindingResult? Result) Cell(string from, string to)
    {
        if (from == to || !cells.TryGetValue((from, to), out var path))
            return (Diagonal, null);
        if (path.Cause != SwarmOverlayCause.None)
            return (Mark(path.Cause), path.Result);
        return (ShowsLatency && path.Latency is { } latency ? string.Create(CultureInfo.InvariantCulture, $"{latency:0.0}") : Sound, path.Result);
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

    private static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}
