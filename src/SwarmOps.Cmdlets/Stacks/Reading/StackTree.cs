using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Reading;

/// <summary>Reads Compose files with all that they include and extend, and merges them into one tree.</summary>
internal sealed class StackTree(IStackFiles files, StackProblems problems)
{
    /// <summary>The most files of a stack.</summary>
    private const int MostFiles = 200;

    private readonly ShapeCheck shape = new(problems);
    private int count;
    private long characters;

    /// <summary>The files of one project, later ones merged into earlier ones; null if none could be read.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="directory">The folder that relative paths in them start from.</param>
    /// <param name="lookup">The variables that apply in them.</param>
    /// <param name="asked">Who names the files; null for the user.</param>
    /// <param name="chain">The projects that include this one.</param>
    public YamlMapping? Project(
        IReadOnlyList<string> paths,
        string directory,
        Func<string, string?> lookup,
        SourcePosition? asked,
        IReadOnlyList<string> chain
    )
    {
        YamlNode? merged = null;
        foreach (var path in paths)
        {
            var full = Path.GetFullPath(path);
            var file = new SourceFile(asked is null ? path : Shown(full), directory, lookup);
            if (Load(full, file, asked) is not { } root)
                continue;
            root = new StackInclude(this, files, problems).Apply(root, [.. chain, full]);
            root = new StackExtends(this, shape, problems).Apply(root, full, file);
            merged = merged is null ? root : StackMerge.Merge(merged, root, RuleTable.Root);
        }

        return merged is null ? null : (YamlMapping)StackMerge.WithoutResets(merged);
    }

    /// <summary>One file with its variables replaced and its shape checked.</summary>
    private YamlMapping? Load(string full, SourceFile file, SourcePosition? asked) =>
        Raw(full, file, asked) is { } root ? shape.Check(root, RuleTable.Root, "") as YamlMapping : null;

    /// <summary>One file with its variables replaced.</summary>
    public YamlMapping? Raw(string full, SourceFile file, SourcePosition? asked)
    {
        var at = asked ?? new SourcePosition(file, 1, 1);
        if (++count > MostFiles)
        {
            problems.Add(at, $"The stack has more than {MostFiles} files.", "Join some of them.");
            return null;
        }

        try
        {
            var text = files.ReadText(full, 4 * YamlReader.MostCharacters);
            if ((characters += text.Length) > 4L * YamlReader.MostCharacters)
                throw new StackValueException("The files of the stack are too large together.", "Split the stack into several.");
            return YamlReader.Read(text, file, problems) switch
            {
                null => null,
                YamlMapping map => (YamlMapping)new TreeInterpolation(file, problems).Apply(map),
                var other => NotAFile(other),
            };
        }
        catch (StackValueException exception)
        {
            problems.Add(at, exception);
            return null;
        }
    }

    private YamlMapping? NotAFile(YamlNode node)
    {
        problems.Add(node.At, $"A Compose file is a mapping, not {node.Words}.", "Begin it with 'services:' at the first column.");
        return null;
    }

    /// <summary>A path as messages show it: relative to the current folder if it is below it.</summary>
    public static string Shown(string full)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), full);
        return relative.StartsWith("..", StringComparison.Ordinal) ? full : relative;
    }
}
