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
    : RemoveCmdlet<SwarmMonitoring>(monitoring => monitoring.SwarmId, monitoring => monitoring.Nodes, monitoring => monitoring.Name)
{
    private const string ByMonitoring = "ByMonitoring";

    /// <summary>The nodes of the swarm; by default the nodes of the objects from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByMonitoring)]
    [ValidateNotNullOrEmpty]
    public override SwarmNode[] Node { get; set; } = [];

    /// <summary>Its name.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MonitoringNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The monitoring, from <c>New-SwarmMonitoring</c> or <c>Get-SwarmMonitoring</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByMonitoring)]
    [ValidateNotNullOrEmpty]
    public SwarmMonitoring[] InputObject { get; set; } = [];

    /// <summary>How long the containers may take to stop, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override SwarmMonitoring[] Given => InputObject;

    /// <inheritdoc/>
    private protected override IEnumerable<(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<SwarmMonitoring> Items)> Batches(
        TargetInput<SwarmMonitoring> input
    ) => input.OneByOne(Node);

    /// <inheritdoc/>
    private protected override Task RemoveNamedAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        RemoveAsync(context, nodes, Name);

    /// <inheritdoc/>
    private protected override Task RemoveGivenAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> nodes,
        IReadOnlyList<SwarmMonitoring> items
    ) => RemoveAsync(context, nodes, items[0].Name);

    private Task RemoveAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, string name) =>
        new RemoveMonitoringOperation(
            context,
            new RemoveMonitoringRequest(nodes, name)
            {
                Options = new ServiceOptions { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit },
            }
        ).RunAsync();
}
