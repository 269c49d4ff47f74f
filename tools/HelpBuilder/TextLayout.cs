namespace SwarmOps.HelpBuilder;

/// <summary>Breaks text into lines.</summary>
internal static class TextLayout
{
    /// <summary>The lines of a paragraph. A word that is longer than a line, such as an address, gets one of its own.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        if (line.Length > 0)
            lines.Add(line);
        return lines;
    }

    /// <summary>The lines with the first one behind a prefix, and the others as far in.</summary>
    public static IEnumerable<string> Hang(string prefix, IEnumerable<string> lines) =>
        lines.Select((line, index) => line.Length == 0 ? "" : (index == 0 ? prefix : new string(' ', prefix.Length)) + line);
}
