using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Rules;

/// <summary>
/// Checks what a file has against the table: unknown keys, types, fixed values, syntax, duplicates. What is wrong is reported and replaced by
/// <see cref="YamlInvalid"/>, so that the rest of the file is checked too and nothing is reported twice.
/// </summary>
internal sealed class ShapeCheck(StackProblems problems)
{
    /// <summary>Looking for what was meant takes time, so a file that is all wrong gets no more hints than these.</summary>
    private const int MostHints = 100;

    /// <summary>The node without what was wrong in it.</summary>
    public YamlNode Check(YamlNode node, RuleNode rule, string path)
    {
        if (node.Tag == YamlTag.Reset || node is YamlInvalid)
            return node;
        if (!Takes(rule.Rule.Types, node))
        {
            problems.Add(
                node.At,
                $"{Named(path)} takes {TypeWords.Of(rule.Rule.Types)}, not {node.Words}.",
                TypeWords.Remedy(rule.Rule, node)
            );
            return new YamlInvalid(node.At);
        }

        return node switch
        {
            YamlSequence list => List(list, rule, path),
            YamlMapping map => Mapping(map, rule, path),
            YamlScalar scalar => Scalar(scalar, rule.Rule, path),
            _ => node,
        };
    }

    private YamlNode List(YamlSequence list, RuleNode rule, string path)
    {
        if (rule.Rule.IsUnique)
            CheckUnique(list, path);
        if (rule.Item is not { } item)
            return list;
        return new YamlSequence(list.At, [.. list.Items.Select((entry, index) => Check(entry, item, $"{path}[{index}]"))], list.Tag);
    }

    private void CheckUnique(YamlSequence list, string path)
    {
        var seen = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var item in list.Items.Where(item => item.Tag != YamlTag.Reset))
        {
            if (!seen.TryAdd(item.Canonical, item))
                problems.Add(
                    item.At,
                    $"{Named(path)} has {item.Words} twice; the first is on line {seen[item.Canonical].At.Line}.",
                    "Remove one of them."
                );
        }
    }

    private YamlMapping Mapping(YamlMapping map, RuleNode rule, string path)
    {
        if (rule.Rule.Types == ValueTypes.Any)
            return map;
        var entries = new List<YamlEntry>(map.Entries.Count);
        foreach (var entry in map.Entries)
        {
            var inner = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
            if (rule.Keys.TryGetValue(entry.Key, out var known))
                entries.Add(entry with { Value = Check(entry.Value, known, inner) });
            else if (rule.Rule.TakesExtensions && entry.Key.StartsWith("x-", StringComparison.Ordinal))
                entries.Add(entry);
            else if (rule.Others is { } others)
            {
                // A name that was reported stays, so that what refers to it is not reported too.
                entries.Add(
                    entry with
                    {
                        Value = IsName(entry, rule.Rule, path) ? Check(entry.Value, others, inner) : new YamlInvalid(entry.Value.At),
                    }
                );
            }
            else
                Unknown(entry, rule, path);
        }

        return new YamlMapping(map.At, entries, map.Tag);
    }

    private bool IsName(YamlEntry entry, KeyRule rule, string path)
    {
        try
        {
            rule.Names?.Check(YamlScalar.String(entry.At, entry.Key));
            return true;
        }
        catch (StackValueException exception)
        {
            problems.Add(entry.At, $"{Named(path)}: {exception.Message}", exception.Remedy);
            return false;
        }
    }

    private void Unknown(YamlEntry entry, RuleNode rule, string path)
    {
        var key = YamlScalar.Shown(entry.Key);
        problems.Add(
            entry.At,
            $"{Named(path)} has no key '{key}'.",
            problems.Count < MostHints ? KeyHint.For(entry.Key, rule) : KeyHint.Removal(rule)
        );
    }

    private YamlNode Scalar(YamlScalar scalar, KeyRule rule, string path)
    {
        if (scalar.IsNull && rule.Form != Forms.PlainText)
            return scalar;
        if (rule.Values is { } values && !values.Contains(scalar.Text, StringComparer.Ordinal))
        {
            problems.Add(scalar.At, $"{Named(path)} does not take '{YamlScalar.Shown(scalar.Text)}'.", $"Write {Listed(values)}.");
            return new YamlInvalid(scalar.At);
        }

        try
        {
            rule.Form?.Check(scalar);
            return scalar;
        }
        catch (StackValueException exception)
        {
            problems.Add(scalar.At, $"{Named(path)}: {exception.Message}", exception.Remedy);
            return new YamlInvalid(scalar.At);
        }
    }

    private static bool Takes(ValueTypes types, YamlNode node) =>
        node switch
        {
            YamlSequence => types.HasFlag(ValueTypes.List),
            YamlMapping => types.HasFlag(ValueTypes.Map),
            YamlScalar { IsInterpolated: true } scalar => TakesKind(types, YamlKind.String, scalar.Text)
                || TakesKind(types, YamlScalar.KindOf(scalar.Text), scalar.Text),
            YamlScalar scalar => TakesKind(types, scalar.Kind, scalar.Text),
            _ => true,
        };

    private static bool TakesKind(ValueTypes types, YamlKind kind, string text) =>
        kind switch
        {
            YamlKind.Null => types.HasFlag(ValueTypes.Null),
            YamlKind.Boolean => types.HasFlag(ValueTypes.Boolean),
            YamlKind.Integer => (types & (ValueTypes.Integer | ValueTypes.Number)) != 0,
            YamlKind.Number => types.HasFlag(ValueTypes.Number)
                || (types.HasFlag(ValueTypes.Integer) && YamlScalar.Number(text) is { } number && number == Math.Floor(number)),
            _ => types.HasFlag(ValueTypes.String),
        };

    private static string Listed(IReadOnlyList<string> values) =>
        values.Count == 1 ? $"'{values[0]}'" : string.Join(", ", values.SkipLast(1)) + " or " + values[^1];

    internal static string Named(string path) =>
        path.Length == 0 ? "The file"
        : path.Length <= 200 ? path
        : path[..200] + "...";
}
