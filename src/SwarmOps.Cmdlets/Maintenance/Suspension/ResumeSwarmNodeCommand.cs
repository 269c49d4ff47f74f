using System.Management.Automation;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>
/// Brings a suspended node back into service: waits until its engine is back in the swarm, tests its overlay networks with packets, waits for its tasks and databases, and only then
/// brings it back into DNS.
/// </summary>
[Cmdlet(VerbsLifecycle.Resume, "SwarmNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SwarmNode))]
public sealed class ResumeSwarmNodeCommand : NodeSetChangeCmdlet
{
    /// <summary>The node to bring back.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Moves tasks of replicated services to the node afterwards, one at a time; services that keep data on their nodes are left where they are.</summary>
    [Parameter]
    public SwitchParameter Rebalance { get; set; }

    /// <summary>Does not test the node's overlay networks.</summary>
    [Parameter]
    public SwitchParameter SkipOverlayTest { get; set; }

    /// <summary>An image with perl for the test; by default it uses the hosts' perl.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? ProbeImage { get; set; }

    /// <summary>Time limit of each step, in seconds: the node's return, its tasks, a database, its health.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new ResumeNodeOperation(
            context,
            new ResumeNodeRequest(nodes, Name)
            {
                Rebalances = Rebalance,
                SkipsOverlayTest = SkipOverlayTest,
                ProbeImage = ProbeImage,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
