using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services;

/// <summary>Gets the services of a swarm and how many of their tasks run.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmService")]
[OutputType(typeof(SwarmService))]
public sealed class GetSwarmServiceCommand : NodeSetCmdlet
{
    /// <summary>Names, with wildcards; by default all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetServiceOperation(
            context,
            new GetServiceRequest(nodes) { Names = NameFilters.From(Name), ThrottleLimit = ThrottleLimit }
        ).RunAsync();
}
