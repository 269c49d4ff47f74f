using SwarmOps.Transport;

namespace SwarmOps.Recovery.Databases;

/// <summary>The scripts that back up and restore a database, in containers.</summary>
internal static class DatabaseScripts
{
    /// <summary>Keeps a node desynced while a backup streams from it.</summary>
    public static string Desync { get; } = EmbeddedText.Read("GaleraDesync.sh");

    /// <summary>Streams a backup from a node.</summary>
    public static string Stream { get; } = EmbeddedText.Read("GaleraStream.sh");

    /// <summary>Takes the stream, and tries it.</summary>
    public static string Receive { get; } = EmbeddedText.Read("GaleraReceive.sh");

    /// <summary>Makes a database of a backup in a data directory.</summary>
    public static string Restore { get; } = EmbeddedText.Read("GaleraRestore.sh");

    /// <summary>The lines NAME, tab, value that a script printed; of a name that occurs twice the last one.</summary>
    public static IReadOnlyDictionary<string, string> Lines(string output)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n'))
        {
            if (line.Split('\t', 2) is [var name, var value])
                values[name] = value.Trim();
        }

        return values;
    }
}
