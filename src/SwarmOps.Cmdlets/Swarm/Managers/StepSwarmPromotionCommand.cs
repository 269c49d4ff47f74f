using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Managers;

/// <summary>
/// Promotes workers of a node set to managers, one at a time and spread over regions, until the swarm has the wanted number. Each must be Reachable for the leader
/// before the next is promoted, and active on the node itself before any is written; one that fails is demoted again.
/// </summary>
[Cmdlet(VerbsCommon.Step, "SwarmPromotion", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SwarmNode))]
public sealed class StepSwarmPromotionCommand : NodeSetChangeCmdlet
{
    /// <summary>Total number of managers that the swarm should have; odd. The default is three, or one when the node set is smaller.</summary>
    [Parameter]
    public int ManagerCount { get; set; }

    /// <summary>Allows an even number of managers, which tolerates no more failures than the odd number below it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Skips the test, from the leader's host, that a candidate's 2377/tcp can be reached.</summary>
    [Parameter]
    public SwitchParameter SkipReachabilityTest { get; set; }

    /// <summary>Time limit of one promotion, in seconds; afterwards the node is demoted again.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new PromotionOperation(
            context,
            new PromotionRequest(nodes)
            {
                ManagerCount = Has(nameof(ManagerCount)) ? ManagerCount : null,
                AllowEven = Force,
                TestReachability = !SkipReachabilityTest,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
