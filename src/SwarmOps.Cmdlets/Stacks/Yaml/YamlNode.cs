namespace SwarmOps.Stacks.Yaml;

/// <summary>Compose's own tags, which say how a file overrides an earlier one.</summary>
internal enum YamlTag
{
    None,

    /// <summary><c>!reset</c>: the key of the earlier files is removed.</summary>
    Reset,

    /// <summary><c>!override</c>: the value replaces that of the earlier files instead of being merged with it.</summary>
    Override,
}

/// <summary>A node of a YAML document with its position. Nodes do not change and are shared where a file uses an alias.</summary>
internal abstract class YamlNode(SourcePosition at, YamlTag tag)
{
    public SourcePosition At { get; } = at;

    public YamlTag Tag { get; } = tag;

    /// <summary>The number of nodes in this one, aliases counted as what they stand for and long texts as several.</summary>
    public abstract long Size { get; }

    /// <summary>The number of levels in this one.</summary>
    public abstract int Depth { get; }

    /// <summary>What this is, for messages: <c>a list</c>, <c>the number 3</c>.</summary>
    public abstract string Words { get; }

    /// <summary>A text that is equal for equal nodes, wherever they are.</summary>
    public abstract string Canonical { get; }
}

/// <summary>A value that was reported and must not be reported again.</summary>
internal sealed class YamlInvalid(SourcePosition at) : YamlNode(at, YamlTag.None)
{
    public override long Size => 1;

    public override int Depth => 1;

    public override string Words => "an invalid value";

    public override string Canonical => "!";
}

/// <summary>A list.</summary>
internal sealed class YamlSequence : YamlNode
{
    public YamlSequence(SourcePosition at, IReadOnlyList<YamlNode> items, YamlTag tag = YamlTag.None)
        : base(at, tag)
    {
        Items = items;
        Size = 1 + items.Sum(item => item.Size);
        Depth = 1 + (items.Count == 0 ? 0 : items.Max(item => item.Depth));
    }

    public IReadOnlyList<YamlNode> Items { get; }

    public override long Size { get; }

    public override int Depth { get; }

    public override string Words => "a list";

    public override string Canonical => $"[{string.Join(',', Items.Select(item => item.Canonical))}]";
}

/// <summary>A key of a mapping, with its value.</summary>
internal sealed record YamlEntry(string Key, SourcePosition At, YamlNode Value);

/// <summary>A mapping, in the order of the file.</summary>
internal sealed class YamlMapping : YamlNode
{
    private readonly Dictionary<string, YamlEntry> byKey;

    public YamlMapping(SourcePosition at, IReadOnlyList<YamlEntry> entries, YamlTag tag = YamlTag.None)
        : base(at, tag)
    {
        Entries = entries;
        byKey = entries.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
        Size = 1 + entries.Sum(entry => (entry.Key.Length / YamlScalar.TextOfNode) + entry.Value.Size);
        Depth = 1 + (entries.Count == 0 ? 0 : entries.Max(entry => entry.Value.Depth));
    }

    public IReadOnlyList<YamlEntry> Entries { get; }

    public override long Size { get; }

    public override int Depth { get; }

    public override string Words => "a mapping";

    public override string Canonical =>
        $"{{{string.Join(',', Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{Quoted(entry.Key)}:{entry.Value.Canonical}"))}}}";

    public YamlNode? this[string key] => byKey.GetValueOrDefault(key)?.Value;

    public YamlEntry? Entry(string key) => byKey.GetValueOrDefault(key);

    internal static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
