using System.Text;

namespace SwarmOps.Galera;

/// <summary>Parses what <c>galera-query.sh</c> prints: rows as the client's batch mode escapes them, and <c>done</c> as the last line.</summary>
internal static class SqlRows
{
    /// <summary>The last line of a complete output.</summary>
    public const string Done = "done";

    private const string ErrorPrefix = "sql_error\t";

    /// <summary>The rows, or the error; an output without its last line is incomplete and therefore an error.</summary>
    public static (IReadOnlyList<string[]> Rows, string? Error) Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || (lines[^1] != Done && !lines[^1].StartsWith(ErrorPrefix, StringComparison.Ordinal)))
        {
            // An error of the client can have more than one line.
            var begin = Array.FindIndex(lines, line => line.StartsWith(ErrorPrefix, StringComparison.Ordinal));
            return ([], begin < 0 ? "its answer is incomplete" : string.Join(' ', lines[begin..])[ErrorPrefix.Length..]);
        }

        return lines[^1] == Done
            ? ([.. lines[..^1].Select(line => line.Split('\t').Select(Unescape).ToArray())], null)
            : ([], lines[^1][ErrorPrefix.Length..]);
    }

    /// <summary>Reverses the escapes of the client's batch mode: \t, \n, \0 and \\.</summary>
    private static string Unescape(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
            return value;
        var plain = new StringBuilder(value.Length);
        for (var index = 0; index < value.Length; index++)
        {
            if (value[index] != '\\' || index + 1 == value.Length)
                plain.Append(value[index]);
            else
                plain.Append(
                    value[++index] switch
                    {
                        't' => '\t',
                        'n' => '\n',
                        '0' => '\0',
                        var other => other,
                    }
                );
        }

        return plain.ToString();
    }
}
