using SwarmOps.Stacks.Reading;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Building;

/// <summary>The variables and the container labels of a service, from its files and from itself.</summary>
internal static class EnvironmentBuilder
{
    public static IReadOnlyDictionary<string, string?> Variables(Fields service, string path, BuildContext context)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var file in service.Items("env_file"))
            AddFile(variables, file, context);
        foreach (var (name, value, at) in service.Named("environment"))
        {
            if (name.Length == 0 || name.Any(char.IsControl))
                context.Problems.Add(at, $"{path}.environment has a variable without a usable name.", "Write NAME=value, or NAME: value.");
            else
                variables[name] = value ?? at.File.Lookup(name);
        }

        return variables;
    }

    public static IReadOnlyDictionary<string, string> Labels(Fields service, BuildContext context)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in service.Scalars("label_file"))
        {
            foreach (var line in Lines(file.Text, file, isRaw: false, context))
                labels[line.Name] = line.Value ?? "";
        }

        foreach (var (name, value, _) in service.Named("labels"))
            labels[name] = value ?? "";
        return labels;
    }

    private static void AddFile(Dictionary<string, string?> variables, YamlNode node, BuildContext context)
    {
        var fields = node is YamlMapping map ? new Fields(map) : Fields.None;
        var path = node is YamlScalar scalar ? scalar.Text : fields.Text("path");
        if (path is null || (fields.Flag("required") is false && !context.Files.Exists(node.At.File.Resolve(path))))
            return;
        foreach (var line in Lines(path, node, fields.Text("format") == "raw", context))
        {
            // A name without a value is taken from the session; a file does not remove variables.
            if ((line.Value ?? node.At.File.Lookup(line.Name)) is { } value)
                variables[line.Name] = value;
        }
    }

    private static IReadOnlyList<DotEnvLine> Lines(string path, YamlNode node, bool isRaw, BuildContext context) =>
        StackVariables.Read(context.Files, node.At.File.Resolve(path), path, node.At.File.Lookup, isRaw, node.At, context.Problems);
}
