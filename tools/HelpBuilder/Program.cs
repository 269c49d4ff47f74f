namespace SwarmOps.HelpBuilder;

/// <summary>
/// Builds the help of a module from Markdown: one page a cmdlet, and about topics from the project's other pages. Syntax, types and pipeline input come from the built module itself,
/// loaded in the real engine, so that they cannot be stale; the pages hold the words.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            return Build(BuilderArguments.Parse(arguments));
        }
        catch (Exception problem) when (problem is ArgumentException or IOException or InvalidOperationException)
        {
            Console.Error.WriteLine($"help: {problem.Message}");
            return 1;
        }
    }

    private static int Build(BuilderArguments arguments)
    {
        using var catalog = new CmdletCatalog(arguments.Manifest);
        var pages = HelpPageReader.ReadFolder(arguments.Pages);
        var topics = arguments.Topics is null ? [] : AboutTopic.ReadRepository(arguments.Topics);
        var site = new ProjectSite(
            catalog.ProjectUri
                ?? throw new InvalidOperationException("the manifest has no ProjectUri, so Get-Help -Online has no page to open.")
        );
        IReadOnlyList<string> problems = [.. PageChecker.Check(catalog, pages), .. TopicChecker.Check(topics)];
        foreach (var problem in problems)
            Console.Error.WriteLine($"help: {problem}");

        if (arguments.Strict && problems.Count > 0)
        {
            Console.Error.WriteLine(
                $"help: {problems.Count} problem(s); the pages are in {arguments.Pages}, _template.md shows their shape."
            );
            return 1;
        }

        // The engine looks in the folder of the outer module, under the language.
        var language = Path.Combine(Path.GetDirectoryName(arguments.Manifest)!, "en-US");
        foreach (var file in catalog.Cmdlets.GroupBy(cmdlet => cmdlet.HelpFile))
        {
            // The file has the name of the assembly that holds the cmdlets.
            MamlWriter.Write(Path.Combine(language, file.Key), file, pages, site);
        }

        new TopicWriter(topics, site).WriteAll(language);
        return 0;
    }
}
