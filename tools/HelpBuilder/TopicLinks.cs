using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace SwarmOps.HelpBuilder;

/// <summary>Turns a page's relative links into what leads somewhere from a terminal: the name of another topic, or an address on the web.</summary>
internal sealed class TopicLinks(IReadOnlyList<AboutTopic> topics, ProjectSite site)
{
    /// <summary>Changes the links of a page.</summary>
    public void Resolve(AboutTopic topic, MarkdownDocument page)
    {
        foreach (var link in page.Descendants<LinkInline>().Where(link => !IsAbsolute(link.Url)).ToList())
        {
            var (path, fragment) = Target(topic, link.Url ?? "");
            if (path == topic.Path || path.StartsWith("docs/cmdlets/", StringComparison.Ordinal))
            {
                // The reader is there already, or has Get-Help.
                link.Url = "";
            }
            else if (topics.FirstOrDefault(other => other.Path == path) is { } other)
            {
                link.Url = "";
                link.AppendChild(new LiteralInline($" ({other.Name})"));
            }
            else
            {
                link.Url = site.PageOf(path) + fragment;
            }
        }
    }

    private static bool IsAbsolute(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http";

    private static (string Path, string Fragment) Target(AboutTopic topic, string link)
    {
        var address = new Uri(new Uri($"file:///{topic.Path}"), link);
        return (Uri.UnescapeDataString(address.AbsolutePath).TrimStart('/'), address.Fragment);
    }
}
