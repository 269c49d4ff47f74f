using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Recovery.Restoring;

/// <summary>Restores a swarm from a backup: one node becomes its manager, at its old address or a new one, and the others join with the roles and labels of the lost nodes.</summary>
[Cmdlet(VerbsData.Restore, "Swarm", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SwarmNode))]
public sealed class RestoreSwarmCommand : RestoreCmdlet
{
    private readonly RestoreProgress progress = new();

    /// <summary>Name of the node that becomes the first manager; by default one with a former manager's address, else the first of the node set.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    public string? On { get; set; }

    /// <summary>Suppresses the confirmation about managers that are not in the node set, and moves newer state on the nodes' disks aside.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Skips the test that the nodes can be reached at their addresses before they join.</summary>
    [Parameter]
    public SwitchParameter SkipReachabilityTest { get; set; }

    /// <summary>How long each step may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new RestoreOperation(
            context,
            new RestoreRequest(nodes, Place(), PassphraseText(), progress)
            {
                On = On,
                Force = Force,
                TestReachability = !SkipReachabilityTest,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
