using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SwarmOps.Stacks.Exporting;

/// <summary>Writes a tree as YAML that a Compose file can be: dollar signs in values are doubled, and what could be read as another type is in quotes.</summary>
internal sealed partial class YamlWriter
{
    /// <summary>What readers of YAML 1.1 or 1.2 take for a Boolean or nothing.</summary>
    private static readonly string[] Words = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder text = new();

    private YamlWriter() { }

    /// <summary>The text of a document.</summary>
    public static string Write(JsonObject root)
    {
        var writer = new YamlWriter();
        writer.Mapping(root, 0);
        return writer.text.ToString();
    }

    private void Mapping(JsonObject map, int indent)
    {
        foreach (var (key, value) in map)
        {
            text.Append(' ', indent).Append(IsPlain(key) ? key : Quoted(key)).Append(':');
            Value(value, indent + 2);
        }
    }

    private void Value(JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('\n');
                Mapping(map, indent);
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                List(list, indent);
                break;
            default:
                text.Append(' ').Append(Scalar(value, indent)).Append('\n');
                break;
        }
    }

    private void List(JsonArray list, int indent)
    {
        foreach (var item in list)
        {
            text.Append(' ', indent).Append('-');
            if (item is not JsonObject { Count: > 0 } map)
            {
                Value(item, indent + 2);
                continue;
            }

            // The first key stands beside the dash.
            var start = text.Length;
            Mapping(map, indent + 2);
            text.Remove(start, indent + 2).Insert(start, ' ');
        }
    }

    private static string Scalar(JsonNode? value, int indent) =>
        value switch
        {
            null => "",
            JsonObject => "{}",
            JsonArray => "[]",
            JsonValue one when one.TryGetValue<string>(out var given) => Text(given.Replace("$", "$$", StringComparison.Ordinal), indent),
            _ => value.ToJsonString(),
        };

    private static string Text(string value, int indent) =>
        IsPlain(value) ? value
        : IsBlock(value) ? Block(value, indent)
        : Quoted(value);

    private static bool IsPlain(string value) =>
        PlainPattern().IsMatch(value)
        && !value.EndsWith(':')
        && !Words.Contains(value.ToLowerInvariant())
        && !double.TryParse(value, NumberStyles.Any, CultureInfo.InvariantCulture, out _);

    /// <summary>Whether a text of several lines reads the same as a literal block.</summary>
    private static bool IsBlock(string value)
    {
        var lines = value.Split('\n');
        return lines.Length > 1
            && !value.EndsWith("\n\n", StringComparison.Ordinal)
            && lines[0].Length > 0
            && lines[0][0] is not (' ' or '\t')
            && lines.All(line => !line.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\uFEFF'))
            && lines.All(line => line.Length == 0 || !string.IsNullOrWhiteSpace(line))
            && !value.Any(char.IsSurrogate);
    }

    private static string Block(string value, int indent)
    {
        var ends = value.EndsWith('\n');
        var lines = (ends ? value[..^1] : value).Split('\n');
        var block = new StringBuilder(ends ? "|" : "|-");
        foreach (var line in lines)
            block.Append('\n').Append(' ', line.Length == 0 ? 0 : indent).Append(line);
        return block.ToString();
    }

    private static string Quoted(string value) => JsonSerializer.Serialize(value, Quoting);

    [GeneratedRegex("^[A-Za-z_/][A-Za-z0-9_./@+-]*(?::[A-Za-z0-9_./@+-]+)*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainPattern();
}
