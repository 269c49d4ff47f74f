using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Formation;

/// <summary>Joins every node of a node set to its swarm as a worker, in parallel; each is verified on the node and on the leader.</summary>
[Cmdlet(VerbsCommon.Join, "SwarmAsWorker", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SwarmNode))]
public sealed class JoinSwarmAsWorkerCommand : NodeSetChangeCmdlet
{
    /// <summary>Managers of the swarm, when the nodes of the pipeline include none.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Manager { get; set; } = [];

    /// <summary>Data path address or interface, when it differs from the advertise address.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DataPathAddress { get; set; }

    /// <summary>Skips the test that the managers reach the address of each node. A node that they cannot reach cannot become a manager later.</summary>
    [Parameter]
    public SwitchParameter SkipReachabilityTest { get; set; }

    /// <summary>
    /// Lets nodes leave another swarm by force, and join this one. Asks for confirmation and names what is lost; a copy of the state is kept on the node when
    /// commands can be run there. A node that this swarm lists as a member does not leave: remove it with Remove-SwarmNode.
    /// </summary>
    [Parameter]
    public SwitchParameter Rejoin { get; set; }

    /// <summary>Suppresses the confirmation of <c>-Rejoin</c>.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Time limit for one node to become Ready, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new JoinOperation(
            context,
            new JoinRequest(nodes)
            {
                Managers = Manager,
                DataPathAddress = DataPathAddress,
                TestReachability = !SkipReachabilityTest,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
                Rejoin = Rejoin,
                Force = Force || IsConfirmedBeforehand,
            }
        ).RunAsync();
}
