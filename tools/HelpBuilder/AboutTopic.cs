using System.Text.RegularExpressions;

namespace SwarmOps.HelpBuilder;

/// <summary>
/// A conceptual help topic: a Markdown page of the project whose first line is <c>&lt;!-- about_NAME: one line --&gt;</c>. The page is the one source;
/// a section with the comment <c>&lt;!-- not in help --&gt;</c> above its heading is left out.
/// </summary>
/// <param name="Name">Name of the topic, as users type it.</param>
/// <param name="Synopsis">One line that a list of topics shows.</param>
/// <param name="Path">The page's path in the repository, with forward slashes.</param>
/// <param name="Markdown">Its text.</param>
internal sealed partial record AboutTopic(string Name, string Synopsis, string Path, string Markdown)
{
    /// <summary>Reads README.md and docs/*.md of a repository, and gives the pages that are topics, by name.</summary>
    public static IReadOnlyList<AboutTopic> ReadRepository(string root) =>
        [
            .. Directory
                .GetFiles(System.IO.Path.Combine(root, "docs"), "*.md")
                .Append(System.IO.Path.Combine(root, "README.md"))
                .Select(file => Read(root, file))
                .OfType<AboutTopic>()
                .OrderBy(topic => topic.Name, StringComparer.Ordinal),
        ];

    private static AboutTopic? Read(string root, string file)
    {
        var markdown = File.ReadAllText(file);
        var mark = Mark().Match(markdown);
        return mark.Success
            ? new AboutTopic(
                mark.Groups["name"].Value,
                mark.Groups["synopsis"].Value,
                System.IO.Path.GetRelativePath(root, file).Replace('\\', '/'),
                markdown
            )
            : null;
    }

    [GeneratedRegex(@"\A<!-- (?<name>about_\w+): (?<synopsis>.+?) -->")]
    private static partial Regex Mark();
}
