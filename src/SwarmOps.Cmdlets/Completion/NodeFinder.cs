using System.Collections;
using System.Management.Automation.Language;

namespace SwarmOps.Completion;

/// <summary>Finds the nodes that a command line speaks of, without running any of it.</summary>
internal static class NodeFinder
{
    /// <summary>More elements of a variable than this are not looked at.</summary>
    private const int MostElements = 10_000;

    /// <summary>
    /// The nodes in the command's own arguments and in what comes down the pipeline to it, each machine once; empty when none can be seen.
    /// </summary>
    public static IReadOnlyList<SwarmNode> Find(CompletionRequest request) =>
        [.. request.Bound.Values.SelectMany(Nodes).Concat(Piped(request)).DistinctBy(EndpointOf, StringComparer.OrdinalIgnoreCase)];

    /// <summary>What tells one machine from another.</summary>
    public static string EndpointOf(SwarmNode node) => node.DockerHost ?? node.Name;

    /// <summary>
    /// The nodes of the nearest earlier stage of which some are known: <c>$nodes | Initialize-Swarm | ...</c>, <c>Get-SwarmNode $nodes |
    /// ...</c>
    /// </summary>
    private static IReadOnlyList<SwarmNode> Piped(CompletionRequest request)
    {
        if (request.Command.Parent is not PipelineAst pipeline)
            return [];
        var earlier = pipeline.PipelineElements.TakeWhile(element => element != request.Command).Reverse();
        return earlier
                .Select(
                    IReadOnlyList<SwarmNode> (element) => [.. Expressions(element).SelectMany(expression => Nodes(request, expression))]
                )
                .FirstOrDefault(nodes => nodes.Count > 0)
            ?? [];
    }

    private static IEnumerable<Ast?> Expressions(CommandBaseAst element) =>
        element switch
        {
            CommandExpressionAst source => [source.Expression],
            CommandAst command => command
                .CommandElements.Skip(1)
                .Select(argument => argument is CommandParameterAst parameter ? parameter.Argument : argument as Ast),
            _ => [],
        };

    private static IEnumerable<SwarmNode> Nodes(CompletionRequest request, Ast? expression) =>
        request.Expressions.TryEvaluate(expression, out var value) ? Nodes(value) : [];

    /// <summary>The nodes in a value: itself, its elements, or those that an object of the module came with.</summary>
    private static IEnumerable<SwarmNode> Nodes(object? value) =>
        SafeExpression.Unwrap(value) switch
        {
            SwarmNode node => [node],
            IReadOnlyCollection<SwarmNode> nodes => nodes,
            IDictionary table => table.Values.Cast<object?>().Take(MostElements).SelectMany(Nodes),
            // Of collections only those that are there already: what is enumerated lazily may do anything.
            ICollection many => many.Cast<object?>().Take(MostElements).SelectMany(Nodes),
            { } item when item.GetType().Assembly == typeof(SwarmNode).Assembly => item.GetType().GetProperty("Nodes")?.GetValue(item)
                as IReadOnlyCollection<SwarmNode>
                ?? [],
            _ => [],
        };
}
