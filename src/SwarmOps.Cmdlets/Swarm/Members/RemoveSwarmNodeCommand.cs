using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Members;

/// <summary>
/// Removes nodes from their swarm in the safe order: drain, wait until their tasks have stopped, demote, leave on the node itself, remove from the list.
/// Removing the last node dissolves the swarm.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "SwarmNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SwarmNode))]
public sealed class RemoveSwarmNodeCommand : NodeSetChangeCmdlet
{
    /// <summary>Managers that stay in the swarm; needed when the nodes of the pipeline include none that stays.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Manager { get; set; } = [];

    /// <summary>
    /// Removes nodes that are Down and do not answer, makes engines leave a swarm whose managers do not answer, continues when tasks do not stop in
    /// time, and dissolves the swarm when all of its nodes are passed. Never gives up the quorum of a remaining swarm.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Does not drain the nodes first: their tasks end when the node leaves.</summary>
    [Parameter]
    public SwitchParameter SkipDrain { get; set; }

    /// <summary>
    /// Restarts an engine that has left its swarm but keeps 7946/tcp open, as engines before 28.3 sometimes do: it could not join another swarm.
    /// Standalone containers stop with it, unless the engine is configured for live restore.
    /// </summary>
    [Parameter]
    public SwitchParameter RestartEngine { get; set; }

    /// <summary>Writes the nodes to the pipeline, without their membership.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Time limit of each step, in seconds: draining, one demotion, leaving.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new RemovalOperation(
            context,
            new RemovalRequest(nodes)
            {
                Managers = Manager,
                Force = Force,
                Drain = !SkipDrain,
                PassThru = PassThru,
                Settings = new LeaveSettings
                {
                    Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                    ThrottleLimit = ThrottleLimit,
                    RestartEngine = RestartEngine,
                },
            }
        ).RunAsync();
}
