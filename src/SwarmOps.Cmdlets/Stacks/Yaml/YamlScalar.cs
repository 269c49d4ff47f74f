using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace SwarmOps.Stacks.Yaml;

/// <summary>What YAML 1.2's core schema makes of a scalar.</summary>
internal enum YamlKind
{
    String,
    Null,
    Boolean,
    Integer,
    Number,
}

/// <summary>A scalar: its text as written, and its kind.</summary>
internal sealed partial class YamlScalar(
    SourcePosition at,
    string text,
    YamlKind kind,
    YamlTag tag = YamlTag.None,
    bool isInterpolated = false
) : YamlNode(at, tag)
{
    /// <summary>The characters that count as a node.</summary>
    public const int TextOfNode = 64;

    private const int LongestShown = 60;

    public string Text { get; } = text;

    public YamlKind Kind { get; } = kind;

    /// <summary>Whether variables were replaced in it: then it is a string, but its key may take it as another kind.</summary>
    public bool IsInterpolated { get; } = isInterpolated;

    public bool IsNull => Kind == YamlKind.Null;

    public override long Size => 1 + (Text.Length / TextOfNode);

    public override int Depth => 1;

    public override string Words =>
        Kind switch
        {
            YamlKind.Null => "empty (null)",
            YamlKind.Boolean => $"the boolean {Text}",
            YamlKind.Integer or YamlKind.Number => $"the number {Text}",
            _ => $"the string '{Shown(Text)}'",
        };

    public override string Canonical =>
        Kind switch
        {
            YamlKind.Null => "null",
            YamlKind.Boolean => Text.ToLowerInvariant(),
            YamlKind.Integer when Integer(Text) is { } number => number.ToString(CultureInfo.InvariantCulture),
            YamlKind.Integer or YamlKind.Number => Number(Text) is { } number && number == Math.Floor(number) && Math.Abs(number) < 1e15
                ? ((long)number).ToString(CultureInfo.InvariantCulture)
                : Number(Text)?.ToString("R", CultureInfo.InvariantCulture) ?? Text,
            _ => YamlMapping.Quoted(Text),
        };

    /// <summary>A plain scalar: its text decides about its kind.</summary>
    public static YamlScalar Plain(SourcePosition at, string text, YamlTag tag = YamlTag.None) => new(at, text, KindOf(text), tag);

    /// <summary>A string.</summary>
    public static YamlScalar String(SourcePosition at, string text, YamlTag tag = YamlTag.None) => new(at, text, YamlKind.String, tag);

    /// <summary>The kind of a plain scalar (YAML 1.2.2, section 10.3.2).</summary>
    public static YamlKind KindOf(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return YamlKind.Null;
            case "true" or "True" or "TRUE" or "false" or "False" or "FALSE":
                return YamlKind.Boolean;
        }

        if (text.Length > 400 || (!char.IsAsciiDigit(text[0]) && text[0] is not ('+' or '-' or '.')))
            return YamlKind.String;
        return IntegerPattern().IsMatch(text) ? YamlKind.Integer
            : NumberPattern().IsMatch(text) ? YamlKind.Number
            : YamlKind.String;
    }

    /// <summary>The value of a text that is an integer; null if it is none or is too large.</summary>
    public static long? Integer(string text)
    {
        if (!IntegerPattern().IsMatch(text))
            return null;
        var digits = text.StartsWith("0o", StringComparison.Ordinal) || text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        var value =
            text.StartsWith("0o", StringComparison.Ordinal) ? digits.Aggregate(BigInteger.Zero, (sum, digit) => (sum * 8) + (digit - '0'))
            : text.StartsWith("0x", StringComparison.Ordinal)
                ? BigInteger.Parse("0" + digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : null;
    }

    /// <summary>The value of a text that is a finite number; null if it is none.</summary>
    public static double? Number(string text) =>
        Integer(text) is { } integer ? integer
        : text.Length <= 400
        && DecimalPattern().IsMatch(text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
        : null;

    /// <summary>A text that fits into a message.</summary>
    public static string Shown(string text)
    {
        var line = text.ReplaceLineEndings("\\n");
        var clean = new string([.. line.Select(letter => char.IsControl(letter) ? '?' : letter)]);
        return clean.Length <= LongestShown ? clean : clean[..LongestShown] + "...";
    }

    [GeneratedRegex("^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\\z", RegexOptions.CultureInvariant)]
    private static partial Regex IntegerPattern();

    [GeneratedRegex(
        "^(?:[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN))\\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex NumberPattern();

    [GeneratedRegex("^[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalPattern();
}
