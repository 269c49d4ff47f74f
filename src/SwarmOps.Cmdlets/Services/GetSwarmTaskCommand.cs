using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Services;

/// <summary>Gets the tasks of services: their nodes, states and errors.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmTask")]
[OutputType(typeof(SwarmTask))]
public sealed class GetSwarmTaskCommand : NodeSetCmdlet
{
    /// <summary>Names of services, with wildcards; by default all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Service { get; set; } = [];

    /// <summary>Names of the nodes that run the tasks, with wildcards; by default all.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string[] On { get; set; } = [];

    /// <summary>Includes tasks that were replaced.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetTaskOperation(
            context,
            new GetTaskRequest(nodes)
            {
                Services = NameFilters.From(Service),
                Places = NameFilters.From(On),
                History = All,
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
