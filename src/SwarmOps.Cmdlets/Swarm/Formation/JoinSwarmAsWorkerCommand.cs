using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Formation;

/// <summary>Brings every node of a set into the set's swarm as a worker, all at once, each verified from both sides.</summary>
[Cmdlet(VerbsCommon.Join, "SwarmAsWorker", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SwarmNode))]
public sealed class JoinSwarmAsWorkerCommand : NodeSetChangeCmdlet
{
    /// <summary>Managers of the swarm, where the nodes that come down the pipeline hold none.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Manager { get; set; } = [];

    /// <summary>Address or interface for the overlay networks' packets, if it is not the advertised one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DataPathAddress { get; set; }

    /// <summary>Does not test beforehand that the managers reach the address of each node. A node that they cannot reach can never become a manager.</summary>
    [Parameter]
    public SwitchParameter SkipReachabilityTest { get; set; }

    /// <summary>
    /// Lets nodes give up the state of another swarm, and join this one. Asks before, and says what is lost; a copy of the state is kept on the node where a
    /// command can be run there. A node that this swarm lists as its member is never made to leave: remove it with Remove-SwarmNode.
    /// </summary>
    [Parameter]
    public SwitchParameter Rejoin { get; set; }

    /// <summary>Answers the question of <c>-Rejoin</c> beforehand.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How long one node may take to become a ready member, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) => new JoinOperation(context, new JoinRequest(nodes)
    {
        Managers = Manager,
        DataPathAddress = DataPathAddress,
        TestReachability = !SkipReachabilityTest,
        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
        ThrottleLimit = ThrottleLimit,
        Rejoin = Rejoin,
        Force = Force || IsConfirmedBeforehand,
    }).RunAsync();
}
