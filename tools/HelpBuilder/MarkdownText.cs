using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace SwarmOps.HelpBuilder;

/// <summary>Markdown as the plain text that a terminal shows.</summary>
internal static class MarkdownText
{
    /// <summary>The paragraphs of some blocks; a list gives one for each item, a table one for each row, code one with its lines indented.</summary>
    public static IReadOnlyList<string> Paragraphs(IEnumerable<Block> blocks) =>
        [.. blocks.SelectMany(block => OfBlock(block)).Where(text => text.Length > 0)];

    /// <summary>The text of inline elements without their marks; a line break in the source is a space.</summary>
    public static string Plain(ContainerInline? inline)
    {
        var text = new StringBuilder();
        foreach (var part in inline ?? [])
            text.Append(OfInline(part));
        return text.ToString().Trim();
    }

    private static IEnumerable<string> OfBlock(Block block) =>
        block switch
        {
            HeadingBlock heading => [Plain(heading.Inline)],
            ParagraphBlock paragraph => [Plain(paragraph.Inline)],
            CodeBlock code => [string.Join('\n', code.Lines.ToString().Split('\n').Select(line => $"    {line}"))],
            Table table => table
                .OfType<TableRow>()
                .Select(row => string.Join(" | ", row.OfType<TableCell>().Select(cell => string.Join(" ", Paragraphs(cell))))),
            ListBlock list => list.OfType<ListItemBlock>()
                .Select((item, index) => $"{Bullet(list, index)} {string.Join("\n", Paragraphs(item))}"),
            ContainerBlock container => Paragraphs(container),
            _ => [],
        };

    private static string Bullet(ListBlock list, int index) => list.IsOrdered ? $"{index + 1}." : "-";

    private static string OfInline(Inline inline) =>
        inline switch
        {
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            LineBreakInline => " ",
            LinkInline { Url: { } url } link when url.StartsWith("http", StringComparison.Ordinal) && Plain(link) != url =>
                $"{Plain(link)} ({url})",
            AutolinkInline link => link.Url,
            HtmlEntityInline entity => entity.Transcoded.ToString(),
            ContainerInline container => string.Concat(container.Select(OfInline)),
            _ => "",
        };
}
