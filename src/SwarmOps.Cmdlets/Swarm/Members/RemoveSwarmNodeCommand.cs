using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Members;

/// <summary>
/// Takes nodes out of their swarm in the safe order: drain, wait until their tasks have left, demote, leave on the node itself, remove from the list.
/// With the last of its nodes the swarm itself ends.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "SwarmNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SwarmNode))]
public sealed class RemoveSwarmNodeCommand : NodeSetChangeCmdlet
{
    /// <summary>Managers that stay, to go through; needed where the nodes in the pipeline hold none that stays.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Manager { get; set; } = [];

    /// <summary>
    /// Removes nodes that are down and cannot be asked, makes engines leave a swarm whose managers cannot be asked, goes on when tasks do not leave in
    /// time, and dissolves the swarm when all of its nodes are given. Never gives up the quorum of a swarm that stays.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Does not move the tasks away first: they end when the node leaves.</summary>
    [Parameter]
    public SwitchParameter SkipDrain { get; set; }

    /// <summary>
    /// Restarts an engine that is in no swarm any more and still holds 7946/tcp, as engines before 28.3 do now and then: it could not join another one.
    /// Containers that are no tasks of the swarm end with it, unless the engine is set to live-restore.
    /// </summary>
    [Parameter]
    public SwitchParameter RestartEngine { get; set; }

    /// <summary>Gives the nodes back, without their membership.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>How long each step may take, in seconds: the tasks' leaving, one demotion, the node's leaving.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) => new RemovalOperation(context, new RemovalRequest(nodes)
    {
        Managers = Manager,
        Force = Force,
        Drain = !SkipDrain,
        PassThru = PassThru,
        Settings = new LeaveSettings { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit, RestartEngine = RestartEngine },
    }).RunAsync();
}
