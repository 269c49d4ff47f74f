using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Monitoring.State;

/// <summary>Gets the monitoring of a swarm: which targets are up, from where, and which alerts fire.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmMonitoring")]
[OutputType(typeof(SwarmMonitoring))]
public sealed class GetSwarmMonitoringCommand : NodeSetCmdlet
{
    /// <summary>Names, with wildcards; by default all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MonitoringNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetMonitoringOperation(
            context,
            new GetMonitoringRequest(nodes) { Names = NameFilters.From(Name), ThrottleLimit = ThrottleLimit }
        ).RunAsync();
}
