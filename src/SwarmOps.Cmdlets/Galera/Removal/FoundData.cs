using System.Globalization;

namespace SwarmOps.Galera.Removal;

/// <summary>Result of <see cref="Formation.DataDirectoryScripts.Weigh"/> for one data directory.</summary>
/// <param name="Node">Its host.</param>
/// <param name="Path">The directory.</param>
/// <param name="Exists">Whether it exists.</param>
/// <param name="IsForeign">Whether it contains files but no database.</param>
/// <param name="Kilobytes">Its size.</param>
internal sealed record FoundData(SwarmNode Node, string Path, bool Exists, bool IsForeign, long Kilobytes)
{
    /// <summary>Parses the script's output: kind, tab, kilobytes.</summary>
    public static FoundData Parse(SwarmNode node, string path, string output)
    {
        var parts = output.Trim().Split('\t');
        var size =
            parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
                ? kilobytes
                : 0;
        return new FoundData(node, path, parts[0] != "absent", parts[0] == "other", size);
    }
}
