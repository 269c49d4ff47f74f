using System.Globalization;
using System.Management.Automation;

namespace SwarmOps;

/// <summary>All paths of one test of an overlay network as a matrix: one row per sender, one column per receiver, in the node set's order.</summary>
public sealed class SwarmOverlayMatrix
{
    private const string Sender = nameof(SwarmOverlayPath.From);

    /// <summary>Arranges the paths of one network.</summary>
    /// <param name="paths">All paths of the test, at least one.</param>
    internal SwarmOverlayMatrix(IReadOnlyList<SwarmOverlayPath> paths)
    {
        Paths = paths;
        Overlay = paths[0].Overlay;
        Nodes = [.. paths.SelectMany(path => new[] { path.From, path.To }).Distinct(StringComparer.Ordinal)];
        // PowerShell indexes arrays; of a list behind an interface it gives the whole.
        PSObject[] rows = [.. Nodes.Select(Row)];
        Rows = rows;
    }

    /// <summary>Name of the network.</summary>
    public string Overlay { get; }

    /// <summary>Names of the nodes, in the order of rows and columns.</summary>
    public IReadOnlyList<string> Nodes { get; }

    /// <summary>Number of paths.</summary>
    public int PathCount => Paths.Count;

    /// <summary>Number of paths that work.</summary>
    public int PassCount => Count(FindingResult.Pass);

    /// <summary>Number of paths that work with a problem.</summary>
    public int WarningCount => Count(FindingResult.Warning);

    /// <summary>Number of paths that do not work.</summary>
    public int FailCount => Count(FindingResult.Fail);

    /// <summary>Number of paths that could not be tested.</summary>
    public int NotTestedCount => Count(FindingResult.NotTested);

    /// <summary>The shortest round trip of all paths, in milliseconds; null when no packet was answered.</summary>
    public double? MinimumLatency => Paths.Min(path => path.Latency);

    /// <summary>The longest round trip of all paths, in milliseconds; null when no packet was answered.</summary>
    public double? MaximumLatency => Paths.Max(path => path.Latency);

    /// <summary>
    /// One object per sender: <c>From</c>, and a property for each receiver, named as the node. Its value is the round trip in milliseconds, the cause when
    /// the path has a problem, or null for the node itself.
    /// </summary>
    public IReadOnlyList<PSObject> Rows { get; }

    /// <summary>The paths, ordered by sender and receiver.</summary>
    public IReadOnlyList<SwarmOverlayPath> Paths { get; }

    /// <summary>The matrix as text, as it is shown: the counts, the table, and the problems.</summary>
    /// <param name="color">Whether to color the results with ANSI escape sequences.</param>
    public string Draw(bool color) => new SwarmOverlayMatrixText(this, color).ToString();

    /// <summary>The network and the counts.</summary>
    public override string ToString()
    {
        var latency = MinimumLatency is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", round trips {MinimumLatency:0.0} to {MaximumLatency:0.0} ms");
        var untested = NotTestedCount == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {NotTestedCount} not tested");
        return string.Create(CultureInfo.InvariantCulture, $"Overlay {Overlay}: {PassCount} of {PathCount} paths work{untested}{latency}");
    }

    private int Count(FindingResult result) => Paths.Count(path => path.Result == result);

    private PSObject Row(string from)
    {
        var row = new PSObject();
        row.Properties.Add(new PSNoteProperty(Sender, from));
        foreach (var to in Nodes)
        {
            var path = Paths.FirstOrDefault(path => path.From == from && path.To == to);
            row.Properties.Add(
                new PSNoteProperty(
                    Column(row, to),
                    path is null ? null
                        : path.Cause == SwarmOverlayCause.None ? path.Latency
                        : path.Cause
                )
            );
        }

        return row;
    }

    /// <summary>The node's name, unless the row has a property of that name: PowerShell ignores case, and a node may be called 'from'.</summary>
    private static string Column(PSObject row, string name)
    {
        while (row.Properties[name] is not null)
            name += "_";
        return name;
    }
}
