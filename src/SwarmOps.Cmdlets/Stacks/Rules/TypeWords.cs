using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Rules;

/// <summary>Types in words.</summary>
internal static class TypeWords
{
    private static readonly (ValueTypes Type, string Word)[] Words =
    [
        (ValueTypes.String, "a string"),
        (ValueTypes.Integer, "an integer"),
        (ValueTypes.Number, "a number"),
        (ValueTypes.Boolean, "true or false"),
        (ValueTypes.List, "a list"),
        (ValueTypes.Map, "a mapping"),
        (ValueTypes.Null, "nothing"),
    ];

    /// <summary><c>a string or a list</c>.</summary>
    public static string Of(ValueTypes types)
    {
        var words = Words.Where(word => types.HasFlag(word.Type)).Select(word => word.Word).ToList();
        return words.Count switch
        {
            0 => "nothing",
            1 => words[0],
            _ => string.Join(", ", words.SkipLast(1)) + " or " + words[^1],
        };
    }

    /// <summary>What to write in place of a value of another type.</summary>
    public static string Remedy(KeyRule rule, YamlNode node)
    {
        var types = rule.Types;
        switch (node)
        {
            case YamlScalar { IsNull: true }:
                return types.HasFlag(ValueTypes.Map) || types.HasFlag(ValueTypes.List)
                    ? "Write its content below it, indented, or remove the key."
                    : "Write a value, or remove the key.";
            case YamlScalar scalar when scalar.Kind != YamlKind.String && types.HasFlag(ValueTypes.String):
                return $"Put it in quotes: \"{YamlScalar.Shown(scalar.Text)}{Unit(rule, scalar)}\".";
            case YamlScalar scalar when types.HasFlag(ValueTypes.List):
                return $"Write a list: '- {YamlScalar.Shown(scalar.Text)}' on a line of its own.";
            case YamlScalar when types.HasFlag(ValueTypes.Map):
                return "Write a mapping: 'key: value' on lines of their own, indented.";
            case YamlScalar:
                return $"Write {Of(types)}.";
            case YamlMapping when types.HasFlag(ValueTypes.List):
                return "Write a list: each entry on a line that begins with '- '.";
            case YamlSequence when types.HasFlag(ValueTypes.Map):
                return "Write a mapping: 'key: value', without '- '.";
            default:
                return $"Write {Of(types)}{(types.HasFlag(ValueTypes.String) ? " on the line of the key" : "")}.";
        }
    }

    private static string Unit(KeyRule rule, YamlScalar scalar) =>
        scalar.Kind == YamlKind.Integer && rule.Form == Forms.Duration ? "s"
        : scalar.Kind == YamlKind.Integer && rule.Form == Forms.Bytes ? "b"
        : "";
}
