using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace SwarmOps.HelpBuilder;

/// <summary>Writes a topic as the text file that <c>Get-Help about_NAME</c> shows: 80 columns, but for code and addresses, which are not broken.</summary>
internal sealed class TopicWriter(IReadOnlyList<AboutTopic> topics, ProjectSite site)
{
    private const int Width = 80;
    private const string Indent = "    ";
    private const string LeaveOut = "<!-- not in help -->";

    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UsePipeTables().Build();

    private readonly TopicLinks links = new(topics, site);

    /// <summary>Writes every topic into a folder, and removes topics there that are no more.</summary>
    public void WriteAll(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.GetFiles(folder, "about_*.help.txt"))
            File.Delete(old);
        foreach (var topic in topics)
            File.WriteAllText(Path.Combine(folder, $"{topic.Name}.help.txt"), string.Join('\n', Lines(topic)) + '\n');
    }

    // Get-Help takes the fifth line for the synopsis.
    private IEnumerable<string> Lines(AboutTopic topic) =>
        [
            "TOPIC",
            Indent + topic.Name,
            "",
            "SHORT DESCRIPTION",
            Indent + topic.Synopsis,
            "",
            "LONG DESCRIPTION",
            .. Body(topic),
            "",
            "SEE ALSO",
            .. topics.Where(other => other != topic).Select(other => Indent + other.Name),
            Indent + site.PageOf(topic.Path),
        ];

    private IEnumerable<string> Body(AboutTopic topic)
    {
        var page = Markdig.Markdown.Parse(topic.Markdown, Markdown);
        links.Resolve(topic, page);
        var first = true;
        foreach (var block in InHelp(page))
        {
            var lines = block is HeadingBlock heading
                ? Heading(heading)
                : Block(block, Width - Indent.Length).Select(line => line.Length == 0 ? "" : Indent + line);
            foreach (var line in lines.SkipWhile(line => first && line.Length == 0))
            {
                yield return line;
                first = false;
            }
        }
    }

    // All but the title, comments, and the sections that are marked.
    private static IEnumerable<Block> InHelp(MarkdownDocument page)
    {
        int? leftOut = null;
        var mark = false;
        foreach (var block in page)
        {
            if (block is HeadingBlock heading && (leftOut is null || heading.Level <= leftOut))
                leftOut = mark ? heading.Level : null;
            mark = block is HtmlBlock comment && comment.Lines.ToString().Trim() == LeaveOut;
            if (leftOut is null && block is not (HtmlBlock or HeadingBlock { Level: 1 }))
                yield return block;
        }
    }

    private static IEnumerable<string> Heading(HeadingBlock heading)
    {
        var text = MarkdownText.Plain(heading.Inline);
        return
        [
            "",
            .. heading.Level == 2
                ? TextLayout.Wrap(text.ToUpperInvariant(), Width)
                : TextLayout.Hang("  ", TextLayout.Wrap(text, Width - 2)),
        ];
    }

    // The lines of a block behind an empty one, but directly below a heading.
    private static IEnumerable<string> Block(Block block, int width) =>
        Follows(block) ? Content(block, width) : Content(block, width).Prepend("");

    private static bool Follows(Block block) =>
        block.Parent is { } parent && parent.IndexOf(block) is > 0 and var index && parent[index - 1] is HeadingBlock { Level: > 1 };

    private static IEnumerable<string> Content(Block block, int width) =>
        block switch
        {
            ParagraphBlock paragraph => TextLayout.Wrap(MarkdownText.Plain(paragraph.Inline), width),
            CodeBlock code => code.Lines.ToString().TrimEnd().Split('\n').Select(line => line.Length == 0 ? "" : Indent + line),
            Table table => new TextTable([.. table.OfType<TableRow>().Select(Cells)], width).Lines(),
            ListBlock list => list.OfType<ListItemBlock>().SelectMany((item, index) => Item(list, item, index, width)),
            ContainerBlock container => container.SelectMany((child, index) => index == 0 ? Content(child, width) : Block(child, width)),
            _ => [],
        };

    private static IEnumerable<string> Item(ListBlock list, ListItemBlock item, int index, int width)
    {
        var bullet = list.IsOrdered ? $"{index + 1}. " : "- ";
        return TextLayout.Hang(
            bullet,
            item.SelectMany(
                (child, position) =>
                    position == 0 || child is ListBlock ? Content(child, width - bullet.Length) : Block(child, width - bullet.Length)
            )
        );
    }

    private static string[] Cells(TableRow row) =>
        [.. row.OfType<TableCell>().Select(cell => string.Join(' ', MarkdownText.Paragraphs(cell)))];
}
