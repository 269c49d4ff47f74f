using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Reading;

/// <summary>Merges a later file into an earlier one by the rules of the table (Compose specification, "Merge").</summary>
internal static class StackMerge
{
    /// <summary>The earlier node with the later one merged into it.</summary>
    public static YamlNode Merge(YamlNode earlier, YamlNode later, RuleNode? rule)
    {
        if (later.Tag == YamlTag.Override || earlier is YamlInvalid || later is YamlInvalid || rule is null)
            return later;
        // A key without a value, such as 'default:' under networks, takes nothing away.
        if (later is YamlScalar { IsNull: true } && rule.Rule.Merge != MergeRule.Replace)
            return earlier;
        return rule.Rule.Merge switch
        {
            MergeRule.Replace => later,
            MergeRule.ByName => Usual(AsMapping(earlier, ByEquals), AsMapping(later, ByEquals), rule),
            MergeRule.Names => Usual(AsMapping(earlier, ByWord), AsMapping(later, ByWord), rule),
            MergeRule.Hosts => Appended(AsHosts(earlier), AsHosts(later), node => node.Canonical),
            MergeRule.Texts => Appended(AsList(earlier), AsList(later), node => node.Canonical),
            MergeRule.ByTarget => Appended(AsList(earlier), AsList(later), MergeKeys.Target),
            MergeRule.ByPort => Appended(AsList(earlier), AsList(later), MergeKeys.Port),
            MergeRule.Logging when IsOtherDriver(earlier, later) => later,
            _ => Usual(earlier, later, rule),
        };
    }

    /// <summary>The node without keys and items that are to be reset.</summary>
    public static YamlNode WithoutResets(YamlNode node) =>
        node switch
        {
            YamlMapping map => new YamlMapping(
                map.At,
                [
                    .. map
                        .Entries.Where(entry => entry.Value.Tag != YamlTag.Reset)
                        .Select(entry => entry with { Value = WithoutResets(entry.Value) }),
                ]
            ),
            YamlSequence list => new YamlSequence(list.At, [.. list.Items.Where(item => item.Tag != YamlTag.Reset).Select(WithoutResets)]),
            _ => node,
        };

    private static YamlNode Usual(YamlNode earlier, YamlNode later, RuleNode rule) =>
        (earlier, later) switch
        {
            (YamlMapping first, YamlMapping second) => Mappings(first, second, rule),
            (YamlSequence first, YamlSequence second) => new YamlSequence(first.At, [.. first.Items, .. second.Items]),
            _ => later,
        };

    private static YamlMapping Mappings(YamlMapping earlier, YamlMapping later, RuleNode rule)
    {
        var entries = earlier
            .Entries.Where(entry => later[entry.Key]?.Tag != YamlTag.Reset)
            .Select(entry =>
                later.Entry(entry.Key) is { } second
                    ? new YamlEntry(entry.Key, second.At, Merge(entry.Value, second.Value, rule.Of(entry.Key)))
                    : entry
            );
        var added = later.Entries.Where(entry => earlier.Entry(entry.Key) is null && entry.Value.Tag != YamlTag.Reset);
        return new YamlMapping(earlier.At, [.. entries, .. added]);
    }

    /// <summary>Both lists; an item with the key of an earlier one takes its place.</summary>
    private static YamlSequence Appended(YamlSequence earlier, YamlSequence later, Func<YamlNode, string> key)
    {
        var items = new List<YamlNode>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in earlier.Items.Concat(later.Items))
        {
            if (places.TryGetValue(key(item), out var place))
                items[place] = item;
            else
            {
                places.Add(key(item), items.Count);
                items.Add(item);
            }
        }

        return new YamlSequence(earlier.At, items);
    }

    private static YamlSequence AsList(YamlNode node) =>
        node switch
        {
            YamlSequence list => list,
            YamlScalar { IsNull: true } => new YamlSequence(node.At, []),
            _ => new YamlSequence(node.At, [node]),
        };

    private static YamlNode AsMapping(YamlNode node, Func<YamlNode, YamlEntry?> entry) =>
        node is YamlSequence list
            ? new YamlMapping(
                list.At,
                [.. list.Items.Select(entry).OfType<YamlEntry>().GroupBy(found => found.Key).Select(group => group.Last())]
            )
            : node;

    private static YamlEntry? ByEquals(YamlNode node)
    {
        if (node is not YamlScalar { Text: var text })
            return null;
        var at = text.IndexOf('=', StringComparison.Ordinal);
        YamlNode value = at < 0 ? YamlScalar.Plain(node.At, "") : YamlScalar.String(node.At, text[(at + 1)..]);
        return new YamlEntry(at < 0 ? text : text[..at], node.At, value);
    }

    private static YamlEntry? ByWord(YamlNode node) =>
        // The short form of depends_on stands for this condition; the short form of networks for nothing.
        node is YamlScalar { Text: var text }
            ? new YamlEntry(text, node.At, YamlScalar.Plain(node.At, ""))
            : null;

    private static YamlSequence AsHosts(YamlNode node) =>
        node is YamlMapping map
            ? new YamlSequence(
                map.At,
                [
                    .. map.Entries.SelectMany(entry =>
                        AsList(entry.Value)
                            .Items.OfType<YamlScalar>()
                            .Select(address => YamlScalar.String(address.At, $"{entry.Key}={address.Text}"))
                    ),
                ]
            )
            : new YamlSequence(
                node.At,
                [
                    .. AsList(node)
                        .Items.Select(item =>
                            item is YamlScalar { Text: var text } ? YamlScalar.String(item.At, MergeKeys.Host(text)) : item
                        ),
                ]
            );

    private static bool IsOtherDriver(YamlNode earlier, YamlNode later) =>
        earlier is YamlMapping first
        && later is YamlMapping second
        && first["driver"] is { } one
        && second["driver"] is { } two
        && one.Canonical != two.Canonical;
}
