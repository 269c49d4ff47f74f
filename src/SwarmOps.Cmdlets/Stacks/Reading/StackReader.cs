using SwarmOps.Stacks.Building;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Reading;

/// <summary>Reads the Compose files of a stack: merged, with variables replaced, checked, as a definition. Nothing outside of this machine is asked.</summary>
internal sealed class StackReader(IStackFiles files, StackReadRequest request)
{
    private readonly StackProblems problems = new();

    /// <summary>The definition.</summary>
    /// <exception cref="SwarmOpsException"><c>StackFileMissing</c>, <c>StackFileInvalid</c> with every problem.</exception>
    public StackDefinition Read()
    {
        if (request.Paths.Count == 0)
            throw StackErrors.StackFileMissing();
        var definition = Definition();
        return definition is null || problems.Any ? throw StackErrors.StackFileInvalid(problems.All) : definition;
    }

    /// <summary>All problems, and the definition if there is one.</summary>
    public (StackDefinition? Definition, IReadOnlyList<StackProblem> Problems) TryRead()
    {
        var definition = Definition();
        return (problems.Any ? null : definition, problems.All);
    }

    private StackDefinition? Definition()
    {
        var directory = Path.GetFullPath(request.ProjectDirectory ?? Path.GetDirectoryName(Path.GetFullPath(request.Paths[0]))!);
        var lookup = Variables(directory);
        var name = request.Name ?? NameOf(directory, lookup);
        if (name is not null)
            lookup = WithName(lookup, name);
        var tree = new StackTree(files, problems).Project(request.Paths, directory, lookup, asked: null, chain: []);
        if (tree is null)
            return null;
        var checkedTree = new SupportCheck(problems, request.AllowIgnored).Check(tree, RuleTable.Root, "");
        if (checkedTree is not YamlMapping root)
            return null;
        var context = new BuildContext(files, problems, request.AllowIgnored);
        var definition = new StackBuilder(root, Profiles(lookup), context) { DefaultNetwork = request.DefaultNetwork }.Build(name);
        return definition with { Notes = problems.Notes };
    }

    private Func<string, string?> Variables(string directory)
    {
        Func<string, string?> session = name => request.Environment.TryGetValue(name, out var value) ? value : null;
        var usual = Path.Combine(directory, ".env");
        if (request.EnvironmentFiles is null)
            return files.Exists(usual) ? With(session, usual) : session;
        // Of several files the last one wins, so it is asked first.
        return request.EnvironmentFiles.Reverse().Aggregate(session, With);
    }

    private Func<string, string?> With(Func<string, string?> lookup, string path) =>
        StackVariables.With(files, Path.GetFullPath(path), lookup, new SourcePosition(new SourceFile(path, ""), 1, 1), problems);

    private static Func<string, string?> WithName(Func<string, string?> lookup, string name) =>
        variable => variable == "COMPOSE_PROJECT_NAME" ? name : lookup(variable);

    private IReadOnlyCollection<string> Profiles(Func<string, string?> lookup) =>
        request.Profiles
        ?? lookup("COMPOSE_PROFILES")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        ?? [];

    /// <summary>The name that the files have, which their variables may use; problems are those of the reading that follows.</summary>
    private string? NameOf(string directory, Func<string, string?> lookup)
    {
        string? name = null;
        foreach (var path in request.Paths)
        {
            var ignored = new StackProblems();
            var file = new SourceFile(path, directory, lookup);
            if (
                new StackTree(files, ignored).Raw(Path.GetFullPath(path), file, asked: null)?["name"] is YamlScalar { IsNull: false } found
                && found.Text.Length > 0
            )
                name = found.Text;
        }

        return name;
    }
}
