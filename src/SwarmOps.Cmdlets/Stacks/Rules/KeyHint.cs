namespace SwarmOps.Stacks.Rules;

/// <summary>What may have been meant by a key that does not exist.</summary>
internal static class KeyHint
{
    private const int LongestCompared = 40;

    private static readonly Dictionary<string, string> Older = new(StringComparer.Ordinal)
    {
        ["cgroupns_mode"] = "Write 'cgroup', its name of today.",
        ["volume_driver"] = "Write 'driver' under the volume, at the top level.",
        ["log_driver"] = "Write 'logging: {driver: ...}'.",
        ["log_opt"] = "Write 'logging: {options: ...}'.",
        ["net"] = "Write 'networks'.",
        ["env"] = "Write 'environment'.",
    };

    public static string For(string key, RuleNode at)
    {
        if (Older.TryGetValue(key, out var older))
            return older;
        if (key.Length is 0 or > LongestCompared)
            return Removal(at);
        var near = at
            .Keys.Keys.Select(known => (known, Distance: Distance(key, known)))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.known, StringComparer.Ordinal)
            .FirstOrDefault();
        if (near.known is not null && near.Distance <= Math.Max(1, key.Length / 3))
            return $"Write '{near.known}'.";
        if (Elsewhere(key, at) is { } place)
            return $"Write it under {place}.";
        return Removal(at);
    }

    public static string Removal(RuleNode at) =>
        at.Rule.TakesExtensions ? "Remove it, or begin it with x- if it is an extension." : "Remove it.";

    /// <summary>The place below or above where there is such a key.</summary>
    private static string? Elsewhere(string key, RuleNode at)
    {
        var here = at.Rule.Path;
        var place = RuleTable
            .All.Select(rule => rule.Path)
            .Where(path => path.EndsWith("." + key, StringComparison.Ordinal) || path == key)
            .Select(path => path == key ? "" : path[..^(key.Length + 1)])
            .FirstOrDefault(path =>
                path.Length == 0
                || (
                    here.Length > 0
                    && (path.StartsWith(here + ".", StringComparison.Ordinal) || here.StartsWith(path, StringComparison.Ordinal))
                )
            );
        return place switch
        {
            null => null,
            "" => "the top level of the file",
            "services.*" => "the service",
            _ =>
                $"'{(place.StartsWith(here + ".", StringComparison.Ordinal) ? place[(here.Length + 1)..] : place.Replace("services.*.", "", StringComparison.Ordinal))}'",
        };
    }

    /// <summary>The number of letters to change, add, remove or exchange with the next one.</summary>
    private static int Distance(string from, string to)
    {
        if (Math.Abs(from.Length - to.Length) > from.Length / 3 + 1)
            return int.MaxValue;
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var row = 0; row <= from.Length; row++)
        {
            for (var column = 0; column <= to.Length; column++)
            {
                if (row == 0 || column == 0)
                {
                    rows[row, column] = row + column;
                    continue;
                }

                var change = from[row - 1] == to[column - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(rows[row - 1, column] + 1, rows[row, column - 1] + 1), rows[row - 1, column - 1] + change);
                if (row > 1 && column > 1 && from[row - 1] == to[column - 2] && from[row - 2] == to[column - 1])
                    best = Math.Min(best, rows[row - 2, column - 2] + 1);
                rows[row, column] = best;
            }
        }

        return rows[from.Length, to.Length];
    }
}
