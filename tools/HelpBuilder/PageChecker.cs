using System.Management.Automation;
using System.Management.Automation.Language;

namespace SwarmOps.HelpBuilder;

/// <summary>Finds what is missing or stale in the pages, judged by the module itself.</summary>
internal static class PageChecker
{
    /// <summary>Checks all pages against all cmdlets; one line for each problem.</summary>
    public static IReadOnlyList<string> Check(CmdletCatalog catalog, IReadOnlyList<HelpPage> pages) =>
        [
            .. catalog
                .Cmdlets.Where(cmdlet => !pages.Any(page => page.Name == cmdlet.Name))
                .Select(cmdlet => $"{cmdlet.Name} has no page {cmdlet.Name}.md."),
            .. pages.SelectMany(page => CheckPage(catalog, page).Select(problem => $"{page.File}: {problem}")),
        ];

    private static IEnumerable<string> CheckPage(CmdletCatalog catalog, HelpPage page)
    {
        if (catalog.Cmdlets.FirstOrDefault(cmdlet => cmdlet.Name == page.Name) is not { } cmdlet)
            return [$"the module has no cmdlet '{page.Name}', which is the page's heading."];

        return
        [
            .. Shape(page),
            .. Parameters(cmdlet, page),
            .. page.Examples.SelectMany(example => Example(catalog, example).Select(problem => $"example '{example.Title}': {problem}")),
        ];
    }

    private static IEnumerable<string> Shape(HelpPage page)
    {
        if (page.File != $"{page.Name}.md")
            yield return $"the heading is '{page.Name}'.";
        if (page.Synopsis.Count != 1)
            yield return "SYNOPSIS needs one paragraph.";
        if (page.Description.Count == 0)
            yield return "DESCRIPTION is missing.";
        if (page.Examples.Count == 0)
            yield return "EXAMPLES is missing, or has no heading of level 3.";
        foreach (var section in page.UnknownSections)
            yield return $"'{section}' is no section of a help page.";
    }

    private static IEnumerable<string> Parameters(CmdletInfo cmdlet, HelpPage page)
    {
        foreach (var parameter in CmdletParameters.ToDescribe(cmdlet))
            if (!page.Parameters.Any(entry => entry.Name == parameter.Name && entry.Text.Count > 0))
                yield return $"-{parameter.Name} has no text.";

        foreach (var entry in page.Parameters.Where(entry => !cmdlet.Parameters.ContainsKey(entry.Name)))
            yield return $"-{entry.Name} is no parameter of {cmdlet.Name}.";

        foreach (var twice in page.Parameters.GroupBy(entry => entry.Name).Where(group => group.Count() > 1))
            yield return $"-{twice.Key} is described twice.";
    }

    // An example that a user cannot type is worse than none: it has to parse, and name only what exists.
    private static IEnumerable<string> Example(CmdletCatalog catalog, HelpExample example)
    {
        if (string.IsNullOrWhiteSpace(example.Code))
            return ["has no code block."];

        var script = Parser.ParseInput(example.Code, out _, out var errors);
        var commands = script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>();
        return [.. errors.Select(error => error.Message), .. commands.SelectMany(command => UnknownParameters(catalog, command))];
    }

    private static IEnumerable<string> UnknownParameters(CmdletCatalog catalog, CommandAst command)
    {
        if (command.GetCommandName() is not { } name || catalog.Find(name) is not { } cmdlet)
            return [];

        return command
            .CommandElements.OfType<CommandParameterAst>()
            .Where(parameter =>
                !cmdlet.Parameters.Values.Any(known =>
                    Names(known).Any(text => text.StartsWith(parameter.ParameterName, StringComparison.OrdinalIgnoreCase))
                )
            )
            .Select(parameter => $"{cmdlet.Name} has no parameter -{parameter.ParameterName}.");
    }

    private static IEnumerable<string> Names(ParameterMetadata parameter) => [parameter.Name, .. parameter.Aliases];
}
