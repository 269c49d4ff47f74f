using System.Globalization;

namespace SwarmOps.Galera.Removal;

/// <summary>A data directory as <see cref="Formation.DataDirectoryScripts.Weigh"/> found it.</summary>
/// <param name="Node">Its host.</param>
/// <param name="Path">The directory.</param>
/// <param name="Exists">Whether it is there.</param>
/// <param name="IsForeign">Whether there is something in it, and nothing of a database.</param>
/// <param name="Kilobytes">Its size.</param>
internal sealed record FoundData(SwarmNode Node, string Path, bool Exists, bool IsForeign, long Kilobytes)
{
    /// <summary>Reads what the script wrote: kind, tab, kilobytes.</summary>
    public static FoundData Parse(SwarmNode node, string path, string output)
    {
        var parts = output.Trim().Split('\t');
        var size = parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes : 0;
        return new FoundData(node, path, parts[0] != "absent", parts[0] == "other", size);
    }
}
