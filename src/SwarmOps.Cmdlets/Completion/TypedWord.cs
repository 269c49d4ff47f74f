using System.Management.Automation;
using System.Management.Automation.Language;

namespace SwarmOps.Completion;

/// <summary>The word that is being completed.</summary>
/// <param name="Text">The word without the quotes around it.</param>
/// <param name="Quote">The quote that the user began it with, <c>'</c> or <c>"</c>; null for none.</param>
internal sealed record TypedWord(string Text, char? Quote)
{
    private const string SingleQuotes = "'\u2018\u2019\u201a\u201b";
    private const string DoubleQuotes = "\"\u201c\u201d\u201e";

    /// <summary>Reads a word as PowerShell hands it over: with its quotes, also with the closing one that was not typed yet.</summary>
    public static TypedWord Parse(string? typed)
    {
        if (string.IsNullOrEmpty(typed) || QuoteOf(typed[0]) is not { } quote)
            return new TypedWord(typed ?? "", null);
        var inner = typed[1..];
        return new TypedWord(inner.Length > 0 && QuoteOf(inner[^1]) == quote ? inner[..^1] : inner, quote);
    }

    /// <summary>Whether a name begins with the word, or fits it as a wildcard pattern.</summary>
    public bool Matches(string name) => name.StartsWith(Text, StringComparison.OrdinalIgnoreCase) || MatchesAsPattern(name);

    /// <summary>A name as an argument on the command line: in the user's quotes, else in quotes where it needs them.</summary>
    public string Quoted(string name) =>
        Quote switch
        {
            '"' => $"\"{string.Concat(name.Select(character => IsSpecial(character) ? $"`{character}" : character.ToString()))}\"",
            null when IsBareWord(name) => name,
            _ => $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'",
        };

    private bool MatchesAsPattern(string name)
    {
        try
        {
            return new WildcardPattern(Text + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant).IsMatch(name);
        }
        catch (WildcardPatternException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether PowerShell's own parser takes a name for one word of text, unchanged. It would take <c>10kb</c> in a list for a number.
    /// </summary>
    private static bool IsBareWord(string name) =>
        Parser.ParseInput("x " + name, out _, out var errors)
            is { EndBlock.Statements: [PipelineAst { PipelineElements: [CommandAst { CommandElements: [_, var argument] } command] }] }
        && errors.Length == 0
        && command.Redirections.Count == 0
        && argument is StringConstantExpressionAst { StringConstantType: StringConstantType.BareWord } word
        && word.Value == name;

    private static bool IsSpecial(char character) => character is '`' or '$' || DoubleQuotes.Contains(character, StringComparison.Ordinal);

    private static char? QuoteOf(char character) =>
        SingleQuotes.Contains(character, StringComparison.Ordinal) ? '\''
        : DoubleQuotes.Contains(character, StringComparison.Ordinal) ? '"'
        : null;
}
