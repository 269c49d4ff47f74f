using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>
/// Takes a node out of service so that no user notices: out of DNS first, replacements of its tasks on other nodes next, then drained. Refuses where the quorum, a
/// database or a service would suffer.
/// </summary>
[Cmdlet(VerbsLifecycle.Suspend, "SwarmNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SwarmNode))]
public sealed class SuspendSwarmNodeCommand : NodeSetChangeCmdlet
{
    /// <summary>The node to suspend.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Suspends it although services, a database or the only manager would be missed. Never gives up the quorum of several managers.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Time limit of each step, in seconds: a name server, the replacements of one service, draining.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new SuspendNodeOperation(
            context,
            new SuspendNodeRequest(nodes, Name)
            {
                IsForced = Force,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
