using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Reading;

/// <summary>Merges each service that extends another one into it.</summary>
internal sealed class StackExtends(StackTree tree, ShapeCheck shape, StackProblems problems)
{
    /// <summary>A longer chain is a mistake.</summary>
    private const int MostLinks = 32;

    private static readonly RuleNode ServiceRule = RuleTable.Root.At("services.*");

    private readonly Dictionary<string, ExtendsFile?> others = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Path, string Service), YamlNode> done = [];

    /// <summary>The file with its services complete.</summary>
    public YamlMapping Apply(YamlMapping root, string full, SourceFile file)
    {
        if (root["services"] is not YamlMapping services || !services.Entries.Any(entry => Extends(entry.Value) is not null))
            return root;
        var own = new ExtendsFile(full, file, services, IsChecked: true);
        others[full] = own;
        var complete = new YamlMapping(
            services.At,
            [.. services.Entries.Select(entry => entry with { Value = Complete(own, entry.Key, entry.Value, []) })],
            services.Tag
        );
        return new YamlMapping(
            root.At,
            [.. root.Entries.Select(entry => entry.Key == "services" ? entry with { Value = complete } : entry)],
            root.Tag
        );
    }

    private YamlNode Complete(ExtendsFile file, string name, YamlNode service, IReadOnlyList<(string Path, string Service)> chain)
    {
        if (done.TryGetValue((file.Path, name), out var known))
            return known;
        var result = Extends(service) is { } extends
            ? Extended(file, name, (YamlMapping)service, extends, [.. chain, (file.Path, name)])
            : service;
        done[(file.Path, name)] = result;
        return result;
    }

    private YamlNode Extended(
        ExtendsFile file,
        string name,
        YamlMapping service,
        YamlNode extends,
        IReadOnlyList<(string Path, string Service)> chain
    )
    {
        var own = new YamlMapping(service.At, [.. service.Entries.Where(entry => entry.Key != "extends")], service.Tag);
        if (Target(extends) is not { } target)
            return own;
        var source = target.File is null ? file : Other(file, target.File, extends.At);
        if (source is null)
            return own;
        if (chain.Contains((source.Path, target.Service)))
        {
            problems.Add(
                extends.At,
                $"'{name}' extends itself: {string.Join(" -> ", chain.Select(link => link.Service).Append(target.Service))}.",
                "Remove one of these 'extends'."
            );
            return own;
        }

        if (chain.Count > MostLinks)
        {
            problems.Add(extends.At, $"'{name}' extends a chain of more than {MostLinks} services.", "Extend a service that is complete.");
            return own;
        }

        if (source.Services?.Entry(target.Service) is not { } entry)
        {
            problems.Add(
                extends.At,
                $"'{name}' extends the service '{YamlScalar.Shown(target.Service)}', which {(target.File is null ? "this file" : $"'{source.File.Name}'")} does not have.",
                source.Services is { Entries.Count: > 0 } services
                    ? $"Write one of: {YamlScalar.Shown(string.Join(", ", services.Entries.Select(found => found.Key)))}."
                    : "Add the service, or correct the path of the file."
            );
            return own;
        }

        var value = source.IsChecked ? entry.Value : shape.Check(entry.Value, ServiceRule, $"services.{entry.Key}");
        var complete = Complete(source, entry.Key, value, chain);
        return complete is YamlMapping ? StackMerge.Merge(complete, own, ServiceRule) : own;
    }

    private ExtendsFile? Other(ExtendsFile from, string path, SourcePosition at)
    {
        // The folder of the extending file's own project, or of the extended file, is where its paths start.
        var full = from.File.Resolve(path);
        if (others.TryGetValue(full, out var known))
            return known;
        var file = new SourceFile(StackTree.Shown(full), Path.GetDirectoryName(full)!, from.File.Lookup);
        var root = tree.Raw(full, file, at);
        var other = root is null ? null : new ExtendsFile(full, file, root["services"] as YamlMapping, IsChecked: false);
        others[full] = other;
        return other;
    }

    private static YamlNode? Extends(YamlNode service) =>
        service is YamlMapping map && map["extends"] is { } extends and not YamlInvalid && extends.Tag != YamlTag.Reset ? extends : null;

    private (string Service, string? File)? Target(YamlNode extends)
    {
        if (extends is YamlScalar { IsNull: false } scalar)
            return (scalar.Text, null);
        if (extends is YamlMapping map)
        {
            if (map["service"] is YamlScalar service)
                return (service.Text, (map["file"] as YamlScalar)?.Text);
            if (map["service"] is null)
                problems.Add(extends.At, "This extends names no service.", "Add 'service: name'.");
        }

        return null;
    }

    private sealed record ExtendsFile(string Path, SourceFile File, YamlMapping? Services, bool IsChecked);
}
