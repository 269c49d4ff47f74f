using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SwarmOps.Swarm;

/// <summary>Completes <c>-Name</c> with the names of the nodes that are given to <c>-Node</c>; asks no machine.</summary>
public sealed class NodeNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var pattern = new WildcardPattern((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return Nodes(fakeBoundParameters["Node"])
            .Select(node => node.Name)
            .Where(name => name.Length > 0 && pattern.IsMatch(name))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => new CompletionResult(name.Contains(' ', StringComparison.Ordinal) ? $"'{name}'" : name, name, CompletionResultType.ParameterValue, name));
    }

    private static IEnumerable<SwarmNode> Nodes(object? given) => given switch
    {
        PSObject wrapped => Nodes(wrapped.BaseObject),
        SwarmNode node => [node],
        IEnumerable many and not string => many.Cast<object>().SelectMany(Nodes),
        _ => [],
    };
}
