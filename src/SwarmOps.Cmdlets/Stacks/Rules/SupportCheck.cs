using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Rules;

/// <summary>
/// Checks what remains after merging: keys that a swarm cannot honour, and keys that are missing. Refused keys are removed, with a note
/// each if they may be left out.
/// </summary>
internal sealed class SupportCheck(StackProblems problems, bool allowIgnored)
{
    public YamlNode Check(YamlNode node, RuleNode rule, string path) =>
        node switch
        {
            YamlMapping map => Mapping(map, rule, path),
            YamlSequence list when rule.Item is { } item => new YamlSequence(
                list.At,
                [.. list.Items.Select((entry, index) => Check(entry, item, $"{path}[{index}]"))]
            ),
            _ => node,
        };

    private YamlNode Mapping(YamlMapping map, RuleNode rule, string path)
    {
        var missing = rule.Rule.Required.Where(key => map.Entry(key) is null).ToList();
        foreach (var key in missing)
            problems.Add(map.At, $"{ShapeCheck.Named(path)} has no '{key}'.", $"Add '{key}: ...'.");
        if (missing.Count > 0)
            return new YamlInvalid(map.At);
        var entries = new List<YamlEntry>(map.Entries.Count);
        foreach (var entry in map.Entries)
        {
            var inner = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
            if (rule.Of(entry.Key) is not { } known)
                entries.Add(entry);
            else if (known.Rule.Support != Support.Refused)
                entries.Add(entry with { Value = Check(entry.Value, known, inner) });
            else if (entry.Value is not YamlInvalid && !IsHarmless(entry.Value, known.Rule))
                Refuse(problems, allowIgnored, entry.At, inner, known.Rule.How, known.Rule.Remedy);
        }

        return new YamlMapping(map.At, entries);
    }

    /// <summary>Reports something that a swarm cannot honour.</summary>
    public static void Refuse(StackProblems problems, bool allowIgnored, SourcePosition at, string path, string why, string remedy)
    {
        if (allowIgnored)
            problems.Note(at, $"{ShapeCheck.Named(path)} is ignored: {why}", remedy);
        else
            problems.Add(at, $"{ShapeCheck.Named(path)} cannot be honoured by a swarm: {why}", remedy);
    }

    private static bool IsHarmless(YamlNode node, KeyRule rule) =>
        node switch
        {
            YamlScalar { IsNull: true } => true,
            YamlScalar scalar => rule.Harmless.Contains(scalar.Text, StringComparer.OrdinalIgnoreCase),
            YamlSequence list => list.Items.Count == 0,
            YamlMapping map => map.Entries.Count == 0,
            _ => true,
        };
}
