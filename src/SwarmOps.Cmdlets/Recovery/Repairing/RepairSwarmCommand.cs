using System.Management.Automation;
using System.Security;
using SwarmOps.Overlay;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Moving;
using SwarmOps.Recovery.Naming;
using SwarmOps.Swarm.Keys;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Recovery.Repairing;

/// <summary>
/// Lets a swarm that lost the majority of its managers for good go on from the manager that has most, and brings the other nodes back with their roles and labels; or brings nodes back whose
/// addresses changed; or names back that engines lost when a node was cut off for some seconds.
/// </summary>
[Cmdlet(
    VerbsDiagnostic.Repair,
    "Swarm",
    DefaultParameterSetName = "Quorum",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High
)]
[OutputType(typeof(SwarmNode))]
public sealed class RepairSwarmCommand : NodeSetChangeCmdlet
{
    /// <summary>Name of the manager from which the swarm goes on; by default the one whose raft log has most.</summary>
    [Parameter(Position = 1, ParameterSetName = "Quorum")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    public string? On { get; set; }

    /// <summary>Names of nodes whose address changed, with wildcards: each leaves its swarm and joins it again at the address that the node set has, with its labels and role.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "NewAddress")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    public string[] NewAddress { get; set; } = [];

    /// <summary>Name of an overlay network on which names of tasks do not resolve although packets arrive: the tasks of these services are replaced, one service after the other.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    public string NameOn { get; set; } = "";

    /// <summary>How long a name may be missing before it counts as gone, in seconds.</summary>
    [Parameter(ParameterSetName = "Name")]
    [ValidateRange(0, 3600)]
    public int PatienceSeconds { get; set; } = 30;

    /// <summary>The swarm's unlock key, where autolock is on.</summary>
    [Parameter(ParameterSetName = "Quorum")]
    [ValidateNotNull]
    public SecureString? UnlockKey { get; set; }

    /// <summary>Goes on although a majority of the managers may still come back, or although another manager may have more; a warning names what may be lost.</summary>
    [Parameter(ParameterSetName = "Quorum")]
    public SwitchParameter Force { get; set; }

    /// <summary>Skips the test that nodes can be reached at their addresses before they join.</summary>
    [Parameter(ParameterSetName = "Quorum")]
    [Parameter(ParameterSetName = "NewAddress")]
    public SwitchParameter SkipReachabilityTest { get; set; }

    /// <summary>How long each step may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        ParameterSetName switch
        {
            "NewAddress" => MoveAsync(context, nodes),
            "Name" => RepairNamesAsync(context, nodes),
            _ => RepairAsync(context, nodes),
        };

    private Task RepairNamesAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new RepairNamesOperation(
            context,
            new RepairNamesRequest(nodes, NameOn)
            {
                Patience = TimeSpan.FromSeconds(PatienceSeconds),
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();

    private Task MoveAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new AddressChangeOperation(
            context,
            new AddressChangeRequest(nodes, NameFilters.From(NewAddress))
            {
                TestReachability = !SkipReachabilityTest,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();

    private Task RepairAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new RepairSwarmOperation(
            context,
            new RepairSwarmRequest(nodes)
            {
                On = On,
                UnlockKey = UnlockKey is null ? null : UnlockKeyText.Of(UnlockKey),
                Force = Force,
                TestReachability = !SkipReachabilityTest,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
