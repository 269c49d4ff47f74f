namespace SwarmOps.Services.Specification;

/// <summary>Files with environment variables, in the format of <c>docker service create --env-file</c>: one per line, <c>#</c> begins a comment line.</summary>
internal static class EnvironmentFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="SwarmOpsException"><c>EnvFileNotReadable</c>, <c>EnvFileLineInvalid</c>.</exception>
    public static IReadOnlyList<(string Name, string Value)> Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ServiceErrors.EnvFileNotReadable(path, exception);
        }

        var found = new List<(string, string)>();
        for (var number = 1; number <= lines.Length; number++)
        {
            var line = lines[number - 1].TrimStart();
            if (line.Length == 0 || line.StartsWith('#'))
                continue;
            var at = line.IndexOf('=', StringComparison.Ordinal);
            var name = at < 0 ? line : line[..at];
            if (name.Length == 0 || name.Any(char.IsWhiteSpace))
                throw ServiceErrors.EnvFileLineInvalid(path, number);
            // A name without a value takes the value from this session's environment; it is skipped if not set there.
            if ((at < 0 ? Environment.GetEnvironmentVariable(name) : line[(at + 1)..]) is { } value)
                found.Add((name, value));
        }

        return found;
    }
}
