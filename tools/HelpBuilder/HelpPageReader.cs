using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace SwarmOps.HelpBuilder;

/// <summary>Reads Markdown pages: a heading of level 1 with the cmdlet's name, sections of level 2, entries of level 3.</summary>
internal static class HelpPageReader
{
    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UsePipeTables().UseYamlFrontMatter().Build();

    /// <summary>Reads every page of a folder; names that start with an underscore are not pages.</summary>
    public static IReadOnlyList<HelpPage> ReadFolder(string folder) =>
        !Directory.Exists(folder)
            ? []
            :
            [
                .. Directory
                    .GetFiles(folder, "*.md")
                    .Where(file => !Path.GetFileName(file).StartsWith('_'))
                    .Order(StringComparer.Ordinal)
                    .Select(Read),
            ];

    /// <summary>Reads one page.</summary>
    public static HelpPage Read(string file)
    {
        var blocks = Markdig.Markdown.Parse(File.ReadAllText(file), Markdown).ToList();
        var page = new HelpPage { File = Path.GetFileName(file), Name = Title(blocks) };
        foreach (var (heading, content) in Split(blocks, level: 2))
            page = WithSection(page, heading, content);
        return page;
    }

    private static HelpPage WithSection(HelpPage page, string heading, List<Block> content) =>
        heading.ToUpperInvariant() switch
        {
            "SYNOPSIS" => page with { Synopsis = MarkdownText.Paragraphs(content) },
            "SYNTAX" => page,
            "DESCRIPTION" => page with { Description = MarkdownText.Paragraphs(content) },
            "EXAMPLES" => page with { Examples = [.. Split(content, level: 3).Select(part => Example(part.Heading, part.Content))] },
            "PARAMETERS" => page with
            {
                Parameters = [.. Entries(content).Select(entry => entry with { Name = entry.Name.TrimStart('-') })],
            },
            "INPUTS" => page with { Inputs = Entries(content) },
            "OUTPUTS" => page with { Outputs = Entries(content) },
            "NOTES" => page with { Notes = MarkdownText.Paragraphs(content) },
            "RELATED LINKS" => page with { Links = [.. content.SelectMany(Links)] },
            _ => page with { UnknownSections = [.. page.UnknownSections, heading] },
        };

    private static string Title(List<Block> blocks) =>
        blocks.OfType<HeadingBlock>().FirstOrDefault(heading => heading.Level == 1) is { } title ? MarkdownText.Plain(title.Inline) : "";

    private static IEnumerable<(string Heading, List<Block> Content)> Split(List<Block> blocks, int level)
    {
        var starts = blocks
            .Select((block, index) => (block, index))
            .Where(item => item.block is HeadingBlock heading && heading.Level == level)
            .ToList();
        for (var index = 0; index < starts.Count; index++)
        {
            var from = starts[index].index + 1;
            var to = index + 1 < starts.Count ? starts[index + 1].index : blocks.Count;
            yield return (MarkdownText.Plain(((HeadingBlock)starts[index].block).Inline), blocks[from..to]);
        }
    }

    // Entries with headings of their own, and without: then the first words are the type, as in 'None.'
    private static HelpEntry[] Entries(List<Block> content)
    {
        HelpEntry[] entries =
        [
            .. Split(content, level: 3)
                .Select(part => new HelpEntry(part.Heading, MarkdownText.Paragraphs(part.Content.Where(IsNoMetadata)))),
        ];
        return entries.Length > 0 ? entries : [.. MarkdownText.Paragraphs(content).Select(text => new HelpEntry(text.TrimEnd('.'), []))];
    }

    // Pages that platyPS wrote repeat the metadata in a YAML block; here it comes from the module.
    private static bool IsNoMetadata(Block block) => block is not FencedCodeBlock { Info: "yaml" };

    private static HelpExample Example(string title, List<Block> content)
    {
        var code = content.OfType<FencedCodeBlock>().FirstOrDefault();
        return new HelpExample(title, code?.Lines.ToString() ?? "", MarkdownText.Paragraphs(content.Where(block => block != code)));
    }

    // A Markdown link, or the bare name of another page.
    private static IEnumerable<HelpLink> Links(Block block)
    {
        var links = block.Descendants<LinkInline>().Select(Link).ToList();
        return links.Count > 0 ? links : MarkdownText.Paragraphs([block]).Select(text => new HelpLink(text.TrimStart('-', ' '), ""));
    }

    private static HelpLink Link(LinkInline link)
    {
        var leadsOut = Uri.TryCreate(link.Url, UriKind.Absolute, out var address) && (address.Scheme is "https" or "http");
        return new HelpLink(MarkdownText.Plain(link), leadsOut ? link.Url! : "");
    }
}
