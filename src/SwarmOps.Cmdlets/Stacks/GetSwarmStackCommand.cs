using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Stacks;

/// <summary>Gets the stacks of a swarm, also those that docker stack deploy made.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmStack")]
[OutputType(typeof(SwarmStack))]
public sealed class GetSwarmStackCommand : NodeSetCmdlet
{
    /// <summary>Names, with wildcards; by default all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetStackOperation(
            context,
            new GetStackRequest(nodes) { Names = NameFilters.From(Name), ThrottleLimit = ThrottleLimit }
        ).RunAsync();
}
