using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;

namespace SwarmOps.Completion;

/// <summary>
/// What all completers of names inherit: quoting, tooltips, and silence. Whatever goes wrong, the answer is an empty list: for null, and
/// for an exception, PowerShell would offer the names of files instead.
/// </summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    )
    {
        try
        {
            var request = new CompletionRequest(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters);
            var names = Find(request)
                .Where(candidate => IsOffered(candidate.Name, request.Word))
                .DistinctBy(candidate => candidate.Name, StringComparer.Ordinal);
            return
            [
                .. names
                    .OrderBy(candidate => candidate.Name, StringComparer.OrdinalIgnoreCase)
                    .Select(candidate => Render(candidate, request)),
            ];
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>The names that there are; those that do not fit the word are left out later.</summary>
    private protected abstract IEnumerable<Candidate> Find(CompletionRequest request);

    /// <summary>A name with a line break in it would be typed into the command line.</summary>
    private static bool IsOffered(string name, TypedWord word) => name.Length > 0 && !name.Any(char.IsControl) && word.Matches(name);

    private static CompletionResult Render(Candidate candidate, CompletionRequest request)
    {
        var (name, toolTip) = candidate;
        var text = WildcardPattern.ContainsWildcardCharacters(name) && TakesWildcards(request) ? WildcardPattern.Escape(name) : name;
        var shown = string.IsNullOrWhiteSpace(toolTip)
            ? name
            : string.Concat(toolTip.Select(character => char.IsControl(character) ? ' ' : character));
        return new CompletionResult(request.Word.Quoted(text), name, CompletionResultType.ParameterValue, shown);
    }

    /// <summary>Whether the parameter takes wildcards, so that a name that holds such characters must be escaped.</summary>
    private static bool TakesWildcards(CompletionRequest request)
    {
        var name = request.CommandName.Split('\\')[^1];
        var cmdlet = typeof(NameCompleter)
            .Assembly.GetTypes()
            .FirstOrDefault(type =>
                type.GetCustomAttribute<CmdletAttribute>() is { } command
                && name.Equals($"{command.VerbName}-{command.NounName}", StringComparison.OrdinalIgnoreCase)
            );
        return cmdlet
            ?.GetProperty(request.ParameterName, BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase)
            ?.IsDefined(typeof(SupportsWildcardsAttribute))
            is true;
    }
}
