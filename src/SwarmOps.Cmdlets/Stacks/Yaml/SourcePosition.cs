namespace SwarmOps.Stacks.Yaml;

/// <summary>A file that is part of a stack.</summary>
/// <param name="name">Its path as the user or another file wrote it.</param>
/// <param name="directory">The folder that relative paths in it start from.</param>
/// <param name="lookup">The variables that apply in it; null for one that is not set.</param>
internal sealed class SourceFile(string name, string directory, Func<string, string?>? lookup = null)
{
    public string Name { get; } = name;

    public string Directory { get; } = directory;

    public Func<string, string?> Lookup { get; } = lookup ?? (_ => null);

    /// <summary>The absolute path of a path that is written in this file.</summary>
    public string Resolve(string path) => Path.GetFullPath(Path.Combine(Directory, path));
}

/// <summary>A place in a file; lines and columns count from 1.</summary>
internal readonly record struct SourcePosition(SourceFile File, int Line, int Column)
{
    public override string ToString() => $"{File.Name}:{Line}:{Column}";
}
