using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Managers;

/// <summary>
/// Makes managers workers, one at a time: never the last one, and never so that the swarm would lose its quorum. Each must be gone from the
/// managers' list and say itself that it is a worker before the next one's turn.
/// </summary>
[Cmdlet(VerbsCommon.Step, "SwarmDemotion", DefaultParameterSetName = "Node", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SwarmNode))]
public sealed class StepSwarmDemotionCommand : NodeSetChangeCmdlet
{
    /// <summary>How many managers the swarm is to keep; odd. Of the nodes, those are demoted that leave the managers spread best. Without it, all nodes are demoted.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Count")]
    public int ManagerCount { get; set; }

    /// <summary>Managers that stay, to go through; needed where the nodes in the pipeline hold none.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Manager { get; set; } = [];

    /// <summary>Allows that an even number of managers is left, and demotes a manager that cannot be asked itself. Never gives up the quorum.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How long one demotion may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) => new DemotionOperation(context, new DemotionRequest(nodes)
    {
        ManagerCount = ParameterSetName == "Count" ? ManagerCount : null,
        Managers = Manager,
        Force = Force,
        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
        ThrottleLimit = ThrottleLimit,
    }).RunAsync();
}
