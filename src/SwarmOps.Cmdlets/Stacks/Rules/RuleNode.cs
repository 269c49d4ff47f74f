namespace SwarmOps.Stacks.Rules;

/// <summary>The table as a tree, for walking it beside a document.</summary>
internal sealed class RuleNode
{
    private readonly Dictionary<string, RuleNode> keys = new(StringComparer.Ordinal);

    private RuleNode(string path) => Rule = new KeyRule(path, ValueTypes.Any);

    /// <summary>The row.</summary>
    public KeyRule Rule { get; private set; }

    /// <summary>The row of the items of a list.</summary>
    public RuleNode? Item { get; private set; }

    /// <summary>The row of the values of an open mapping.</summary>
    public RuleNode? Others { get; private set; }

    /// <summary>The fixed keys of a mapping.</summary>
    public IReadOnlyDictionary<string, RuleNode> Keys => keys;

    /// <summary>The row of a key; null if it has none.</summary>
    public RuleNode? Of(string key) => keys.GetValueOrDefault(key) ?? Others;

    /// <summary>The row at a path.</summary>
    public RuleNode At(string path) => Split(path).Aggregate(this, (node, part) => node.Step(part)!);

    public static RuleNode Build(IEnumerable<KeyRule> rules)
    {
        var root = new RuleNode("");
        foreach (var rule in rules)
        {
            var node = Split(rule.Path).Aggregate(root, (at, part) => at.Step(part) ?? at.Add(part));
            if (node.Rule.Types != ValueTypes.Any)
                throw new InvalidOperationException($"The table has the path '{rule.Path}' twice.");
            node.Rule = rule;
        }

        return root;
    }

    private static IEnumerable<string> Split(string path) =>
        path.Replace("[]", ".[]", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries);

    private RuleNode? Step(string part) =>
        part switch
        {
            "*" => Others,
            "[]" => Item,
            _ => keys.GetValueOrDefault(part),
        };

    private RuleNode Add(string part)
    {
        var node = new RuleNode(part == "[]" ? Rule.Path + part : $"{Rule.Path}.{part}".TrimStart('.'));
        if (part == "*")
            Others = node;
        else if (part == "[]")
            Item = node;
        else
            keys.Add(part, node);
        return node;
    }
}
