using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Reading;

/// <summary>The variables that apply in a Compose file: those of the session, then those of files such as .env.</summary>
internal static class StackVariables
{
    /// <summary>The largest file of variables.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>Variables with those of a file behind them.</summary>
    /// <param name="files">Where the file is.</param>
    /// <param name="path">The file.</param>
    /// <param name="lookup">The variables that win over those of the file.</param>
    /// <param name="at">Who names the file; a file that cannot be read is a problem there.</param>
    /// <param name="problems">Where problems go.</param>
    public static Func<string, string?> With(
        IStackFiles files,
        string path,
        Func<string, string?> lookup,
        SourcePosition at,
        StackProblems problems
    )
    {
        var lines = Read(files, path, path, lookup, isRaw: false, at, problems);
        if (lines.Count == 0)
            return lookup;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line.Value is not null)
                values[line.Name] = line.Value;
        }

        return name => lookup(name) ?? values.GetValueOrDefault(name);
    }

    /// <summary>The lines of a file of variables; none after a problem.</summary>
    public static IReadOnlyList<DotEnvLine> Read(
        IStackFiles files,
        string path,
        string name,
        Func<string, string?> lookup,
        bool isRaw,
        SourcePosition at,
        StackProblems problems
    )
    {
        try
        {
            var text = files.ReadText(path, MostBytes);
            return isRaw ? DotEnvFile.ParseRaw(text) : DotEnvFile.Parse(text, lookup);
        }
        catch (DotEnvException exception)
        {
            problems.Add(new SourcePosition(new SourceFile(name, ""), exception.Line, 1), exception.Cause);
        }
        catch (StackValueException exception)
        {
            problems.Add(at, exception);
        }

        return [];
    }
}
