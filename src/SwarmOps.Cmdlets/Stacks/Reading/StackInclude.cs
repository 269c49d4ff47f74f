using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Reading;

/// <summary>Adds what the files under <c>include</c> define: each is a project with a folder and variables of its own.</summary>
internal sealed class StackInclude(StackTree tree, IStackFiles files, StackProblems problems)
{
    private static readonly string[] Sections = ["services", "networks", "volumes", "secrets", "configs"];

    /// <summary>The file with what it includes.</summary>
    /// <param name="root">The file.</param>
    /// <param name="chain">The files that lead to it, itself last.</param>
    public YamlMapping Apply(YamlMapping root, IReadOnlyList<string> chain)
    {
        if (root["include"] is not YamlSequence includes)
            return root;
        foreach (var include in includes.Items)
        {
            if (Included(include, chain) is { } project)
                root = Import(root, project, include.At);
        }

        return new YamlMapping(root.At, [.. root.Entries.Where(entry => entry.Key != "include")], root.Tag);
    }

    private YamlMapping? Included(YamlNode include, IReadOnlyList<string> chain)
    {
        var paths = include is YamlMapping map ? Texts(map["path"]) : Texts(include);
        if (paths.Count == 0)
        {
            if (include is YamlMapping { } without && without["path"] is not YamlInvalid)
                problems.Add(include.At, "This include has no path.", "Add 'path: other/compose.yaml'.");
            return null;
        }

        var file = include.At.File;
        var full = paths.Select(path => file.Resolve(path)).ToList();
        if (full.FirstOrDefault(path => chain.Contains(path)) is { } again)
        {
            problems.Add(
                include.At,
                $"'{StackTree.Shown(again)}' includes itself: {string.Join(" -> ", chain.Append(again).Select(StackTree.Shown))}.",
                "Remove one of these includes; put what both need into a file of its own."
            );
            return null;
        }

        var own = (include as YamlMapping)?["project_directory"] as YamlScalar;
        var directory = own is null ? Path.GetDirectoryName(full[0])! : file.Resolve(own.Text);
        return tree.Project(full, directory, Variables(include, directory), include.At, [.. chain, .. full.Skip(1)]);
    }

    private Func<string, string?> Variables(YamlNode include, string directory)
    {
        var file = include.At.File;
        var given = include is YamlMapping map ? Texts(map["env_file"]) : [];
        var usual = Path.Combine(directory, ".env");
        if (given.Count == 0)
            return files.Exists(usual) ? StackVariables.With(files, usual, file.Lookup, include.At, problems) : file.Lookup;
        // Of several files the last one wins, so it is asked first.
        return given
            .Reverse()
            .Aggregate(file.Lookup, (lookup, path) => StackVariables.With(files, file.Resolve(path), lookup, include.At, problems));
    }

    private YamlMapping Import(YamlMapping root, YamlMapping project, SourcePosition at)
    {
        foreach (var section in Sections)
        {
            if (project[section] is not YamlMapping { Entries.Count: > 0 } imported)
                continue;
            var present = root[section] as YamlMapping ?? new YamlMapping(at, []);
            foreach (var entry in imported.Entries)
            {
                if (present[entry.Key] is { } own && own.Canonical != entry.Value.Canonical)
                    problems.Add(
                        present.Entry(entry.Key)!.At,
                        $"{section}.{entry.Key} is defined here and in the included {entry.At}.",
                        "Rename one of them; to override what is included, specify a further file after this one."
                    );
            }

            var merged = new YamlMapping(
                present.At,
                [.. present.Entries, .. imported.Entries.Where(entry => present.Entry(entry.Key) is null)]
            );
            root = new YamlMapping(
                root.At,
                [.. root.Entries.Where(entry => entry.Key != section), new YamlEntry(section, root.Entry(section)?.At ?? at, merged)],
                root.Tag
            );
        }

        return root;
    }

    private static IReadOnlyList<string> Texts(YamlNode? node) =>
        node switch
        {
            YamlScalar { IsNull: false, Text: var text } => [text],
            YamlSequence list => [.. list.Items.OfType<YamlScalar>().Select(item => item.Text)],
            _ => [],
        };
}
