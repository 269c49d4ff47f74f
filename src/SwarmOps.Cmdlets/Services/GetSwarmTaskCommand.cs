using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Swarm;

namespace SwarmOps.Services;

/// <summary>Shows the tasks of services: where they are, their state, and their errors in words.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmTask")]
[OutputType(typeof(SwarmTask))]
public sealed class GetSwarmTaskCommand : NodeSetCmdlet
{
    /// <summary>Names of services, with wildcards; all without it.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Service { get; set; } = [];

    /// <summary>Names of nodes that the tasks are on, with wildcards; all without it.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string[] On { get; set; } = [];

    /// <summary>Shows those that were replaced, too.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetServiceOperation(context, ThrottleLimit).TasksAsync(nodes, NameFilters.From(Service), NameFilters.From(On), All);
}
