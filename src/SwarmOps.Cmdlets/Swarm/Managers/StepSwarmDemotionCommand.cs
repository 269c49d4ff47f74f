using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Managers;

/// <summary>
/// Demotes managers, one at a time: never the last one, and never so that the swarm would lose its quorum. The leader and the node itself must
/// report each as a worker before the next is demoted.
/// </summary>
[Cmdlet(
    VerbsCommon.Step,
    "SwarmDemotion",
    DefaultParameterSetName = "Node",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High
)]
[OutputType(typeof(SwarmNode))]
public sealed class StepSwarmDemotionCommand : NodeSetChangeCmdlet
{
    /// <summary>Number of managers to keep; odd. The managers to demote are chosen so that the rest is spread over regions. Without it, all nodes are demoted.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Count")]
    public int ManagerCount { get; set; }

    /// <summary>Managers that stay in the swarm; needed when the nodes of the pipeline include none that stays.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Manager { get; set; } = [];

    /// <summary>Allows an even number of managers to be left, and demotes a manager that does not answer. Never gives up the quorum.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How long one demotion may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new DemotionOperation(
            context,
            new DemotionRequest(nodes)
            {
                ManagerCount = ParameterSetName == "Count" ? ManagerCount : null,
                Managers = Manager,
                Force = Force,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
