using System.Text;
using SwarmOps.Stacks;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Reading;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>Files in memory, below a folder that does not exist.</summary>
internal sealed class MemoryFiles : IStackFiles
{
    public static readonly string Root = Path.GetFullPath("/stack");

    private readonly Dictionary<string, byte[]> files = new(StringComparer.Ordinal);

    public MemoryFiles(params (string Name, string Text)[] given)
    {
        foreach (var (name, text) in given)
            files[Full(name)] = Encoding.UTF8.GetBytes(text);
    }

    public static string Full(string name) => Path.GetFullPath(Path.Combine(Root, name));

    public bool Exists(string path) => files.ContainsKey(path);

    public byte[] Read(string path, int most)
    {
        if (!files.TryGetValue(path, out var bytes))
            throw StackText.Missing(path);
        return bytes.Length <= most ? bytes : throw StackText.TooLarge(path, most);
    }

    public MemoryFiles With(string name, byte[] bytes)
    {
        files[Full(name)] = bytes;
        return this;
    }

    /// <summary>Reads compose.yaml, with the files after it.</summary>
    public (StackDefinition? Definition, IReadOnlyList<StackProblem> Problems) TryRead(
        Func<StackReadRequest, StackReadRequest>? change = null,
        params string[] names
    )
    {
        var request = new StackReadRequest([.. (names.Length == 0 ? ["compose.yaml"] : names).Select(Full)]);
        return new StackReader(this, change is null ? request : change(request)).TryRead();
    }

    /// <summary>Reads a file that has no problems.</summary>
    public StackDefinition Read(Func<StackReadRequest, StackReadRequest>? change = null, params string[] names)
    {
        var (definition, problems) = TryRead(change, names);
        Assert.Empty(problems.Select(problem => problem.ToString()));
        return definition!;
    }

    public static StackDefinition Stack(string text, params (string Name, string Value)[] environment) =>
        new MemoryFiles(("compose.yaml", text)).Read(request =>
            request with
            {
                Environment = environment.ToDictionary(pair => pair.Name, pair => pair.Value),
            }
        );

    /// <summary>The one service of a file that has nothing else; its keys begin at the first column.</summary>
    public static StackService Service(string keys, params (string Name, string Value)[] environment) =>
        Stack("services:\n  web:\n    image: nginx\n" + Indented(keys, 4), environment).Services.Single();

    public static string Indented(string text, int by) =>
        string.Concat(
            text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Length == 0 ? "\n" : new string(' ', by) + line + "\n")
        );

    public static IReadOnlyList<StackProblem> Problems(string text) => new MemoryFiles(("compose.yaml", text)).TryRead().Problems;
}
