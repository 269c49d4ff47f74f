using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SwarmOps.Swarm;

/// <summary>Completes the names of the nodes in <c>-Node</c>, or of a variable that is piped to the cmdlet; connects to nothing.</summary>
public sealed class NodeNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var pattern = new WildcardPattern((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return Nodes(fakeBoundParameters["Node"] ?? Piped(commandAst))
            .Select(node => node.Name)
            .Where(name => name.Length > 0 && pattern.IsMatch(name))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => new CompletionResult(name.Contains(' ', StringComparison.Ordinal) ? $"'{name}'" : name, name, CompletionResultType.ParameterValue, name));
    }

    /// <summary>The first element of the pipeline when it is a variable or an element of one: completion must not run anything else.</summary>
    private static object? Piped(CommandAst command)
    {
        if (command.Parent is not PipelineAst { PipelineElements: [CommandExpressionAst { Expression: var source }, ..] } || !IsVariable(source))
            return null;
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript(source.Extent.Text).Invoke();
    }

    private static bool IsVariable(ExpressionAst source) => source is VariableExpressionAst or IndexExpressionAst { Target: VariableExpressionAst, Index: ConstantExpressionAst };

    private static IEnumerable<SwarmNode> Nodes(object? given) => given switch
    {
        PSObject wrapped => Nodes(wrapped.BaseObject),
        SwarmNode node => [node],
        IEnumerable many and not string => many.Cast<object>().SelectMany(Nodes),
        _ => [],
    };
}
