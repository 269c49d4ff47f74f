namespace SwarmOps.HelpBuilder;

/// <summary>
/// Builds the help file of a module from one Markdown page a cmdlet. Syntax, types and pipeline input come from the built module itself,
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
        var problems = PageChecker.Check(catalog, pages);
        foreach (var problem in problems)
            Console.Error.WriteLine($"help: {problem}");

        if (arguments.Strict && problems.Count > 0)
        {
            Console.Error.WriteLine($"help: {problems.Count} problem(s); the pages are in {arguments.Pages}, _template.md shows their shape.");
            return 1;
        }

        foreach (var file in catalog.Cmdlets.GroupBy(cmdlet => cmdlet.HelpFile))
        {
            // The engine looks in the folder of the outer module, under the language, for the name of the assembly that holds the cmdlet.
            var path = Path.Combine(Path.GetDirectoryName(arguments.Manifest)!, "en-US", file.Key);
            MamlWriter.Write(path, file, pages);
        }

        return 0;
    }
}
