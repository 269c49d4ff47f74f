using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Building;

/// <summary>The values of a mapping whose shape was checked; what is missing, empty or was reported is null.</summary>
internal sealed class Fields(YamlMapping? map)
{
    public static readonly Fields None = new(null);

    /// <summary>Whether the key is there, even if its value was reported.</summary>
    public bool Has(string key) => map?[key] is not (null or YamlScalar { IsNull: true });

    public YamlNode? Node(string key) => map?[key] is { } node and not YamlInvalid and not YamlScalar { IsNull: true } ? node : null;

    /// <summary>Where the key is; else where the mapping is.</summary>
    public SourcePosition At(string key) => map?.Entry(key)?.At ?? map?.At ?? default;

    public YamlScalar? Scalar(string key) => Node(key) as YamlScalar;

    public string? Text(string key) => Scalar(key)?.Text;

    public Fields Map(string key) => Node(key) is YamlMapping inner ? new Fields(inner) : None;

    public bool? Flag(string key) => Parsed(key, Quantities.Flag);

    public TimeSpan? Duration(string key) => Parsed(key, Quantities.Duration);

    public long? Bytes(string key) => Parsed(key, Quantities.Bytes);

    public long? Count(string key) => Parsed(key, Quantities.Count);

    public long? NanoCpus(string key) => Parsed(key, Quantities.NanoCpus);

    public T? Parsed<T>(string key, Func<string, T> parse)
        where T : struct => Scalar(key) is { } scalar ? parse(scalar.Text) : null;

    /// <summary>A text or the items of a list.</summary>
    public IReadOnlyList<YamlScalar> Scalars(string key) =>
        Node(key) switch
        {
            YamlScalar scalar => [scalar],
            YamlSequence list => [.. list.Items.OfType<YamlScalar>()],
            _ => [],
        };

    public IReadOnlyList<string> Texts(string key) => [.. Scalars(key).Select(scalar => scalar.Text)];

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<YamlNode> Items(string key) =>
        Node(key) switch
        {
            YamlSequence list => [.. list.Items.Where(item => item is not YamlInvalid)],
            YamlScalar scalar => [scalar],
            _ => [],
        };

    /// <summary>The entries of a mapping, without extensions.</summary>
    public IReadOnlyList<YamlEntry> Entries(string key) => Node(key) is YamlMapping inner ? inner.Entries : [];

    /// <summary>The values of a mapping or of a list of <c>NAME=value</c>; null is a name without a value.</summary>
    public IReadOnlyList<NamedValue> Named(string key) =>
        Node(key) switch
        {
            YamlMapping inner =>
            [
                .. inner
                    .Entries.Where(entry => entry.Value is YamlScalar)
                    .Select(entry => new NamedValue(entry.Key, Forms.Text((YamlScalar)entry.Value), entry.At)),
            ],
            YamlSequence list => [.. list.Items.OfType<YamlScalar>().Select(Split)],
            _ => [],
        };

    /// <summary>The same as a table, where a name without a value is empty.</summary>
    public IReadOnlyDictionary<string, string> Table(string key)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value, _) in Named(key))
            table[name] = value ?? "";
        return table;
    }

    private static NamedValue Split(YamlScalar scalar)
    {
        var at = scalar.Text.IndexOf('=', StringComparison.Ordinal);
        return at < 0
            ? new NamedValue(scalar.Text, null, scalar.At)
            : new NamedValue(scalar.Text[..at], scalar.Text[(at + 1)..], scalar.At);
    }
}

/// <summary>A value with its name.</summary>
internal sealed record NamedValue(string Name, string? Value, SourcePosition At);
