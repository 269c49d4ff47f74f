using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Managers;

/// <summary>
/// Makes workers of a node set managers, one at a time and spread over regions, until the swarm has as many as wanted. Each must be Reachable
/// for the leader and say itself that it takes part before the next one's turn; one that does not get there is made a worker again.
/// </summary>
[Cmdlet(VerbsCommon.Step, "SwarmPromotion", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SwarmNode))]
public sealed class StepSwarmPromotionCommand : NodeSetChangeCmdlet
{
    /// <summary>How many managers the swarm is to have in all; odd. By default three, or one where the set is smaller.</summary>
    [Parameter]
    public int ManagerCount { get; set; }

    /// <summary>Allows an even number of managers, which tolerates no more failures than the odd number below it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Does not try beforehand, from the leader's host, whether a candidate's 2377/tcp can be reached.</summary>
    [Parameter]
    public SwitchParameter SkipReachabilityTest { get; set; }

    /// <summary>How long one promotion may take, in seconds; after it the node is made a worker again.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) => new PromotionOperation(context, new PromotionRequest(nodes)
    {
        ManagerCount = MyInvocation.BoundParameters.ContainsKey(nameof(ManagerCount)) ? ManagerCount : null,
        AllowEven = Force,
        TestReachability = !SkipReachabilityTest,
        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
        ThrottleLimit = ThrottleLimit,
    }).RunAsync();
}
