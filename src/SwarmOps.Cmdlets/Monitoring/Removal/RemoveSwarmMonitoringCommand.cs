using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.Monitoring.Removal;

/// <summary>Removes the monitoring of a swarm; the samples stay in their volumes.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "SwarmMonitoring",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByName
)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmMonitoringCommand()
    : RemoveOneCmdlet<SwarmMonitoring>(monitoring => monitoring.SwarmId, monitoring => monitoring.Nodes, monitoring => monitoring.Name)
{
    /// <summary>Name of the monitoring.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MonitoringNameCompleter))]
    public string Name { get; set; } = "";

    /// <inheritdoc/>
    private protected override string NameGiven => Name;

    /// <inheritdoc/>
    private protected override Task RemoveAsync(IOperationContext context, RemoveOneRequest request) =>
        new RemoveMonitoringOperation(context, request).RunAsync();
}
