using System.Management.Automation;
using SwarmOps.Maintenance.Engines;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>
/// Maintains the nodes of a swarm, one after the other, each suspended meanwhile: workers first, the leader last. Stops at the first trouble; the same command goes on.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "SwarmMaintenance", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SwarmMaintenance))]
public sealed class InvokeSwarmMaintenanceCommand : NodeSetChangeCmdlet
{
    /// <summary>What is done on each node: Patch, Reboot, Engine or Script.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public SwarmMaintenanceAction Action { get; set; }

    /// <summary>The nodes to maintain, with wildcards; all by default.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>
    /// The POSIX shell script of the action Script, run as root on each host. With the action Engine it installs the engine whose release is in <c>$ENGINE_VERSION</c>, where no package does.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Script { get; set; }

    /// <summary>The release of the action Engine, such as 28.5.2; by default the newest that all hosts offer and that has no severe known defect.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EngineVersion { get; set; }

    /// <summary>Maintains one worker of each region at the same time; managers stay one at a time.</summary>
    [Parameter]
    public SwitchParameter Parallel { get; set; }

    /// <summary>Does not reboot hosts after Patch or Script, whatever they ask for.</summary>
    [Parameter]
    public SwitchParameter NoReboot { get; set; }

    /// <summary>Begins no further node after this time; the same command goes on in the next window.</summary>
    [Parameter]
    public DateTime Until { get; set; }

    /// <summary>Begins anew, although the last maintenance is not complete.</summary>
    [Parameter]
    public SwitchParameter Restart { get; set; }

    /// <summary>Moves tasks of replicated services back to each node, one at a time.</summary>
    [Parameter]
    public SwitchParameter Rebalance { get; set; }

    /// <summary>
    /// Suspends nodes although services, a database or the only manager would be missed, and upgrades engines although encrypted overlays are cut meanwhile.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Time limit of each step of suspending and resuming a node, and of its reboot, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 600;

    /// <summary>Time limit of the action itself on one host, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int ActionTimeoutSeconds { get; set; } = 3600;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new InvokeMaintenanceOperation(
            context,
            new InvokeMaintenanceRequest(nodes, Action)
            {
                Names = NameFilters.From(Name),
                Script = Script,
                EngineVersion = EngineVersion is null ? null : EngineUpgrade.Parse(EngineVersion),
                IsParallel = Parallel,
                SkipsReboot = NoReboot,
                Until = Has(nameof(Until)) ? Until : null,
                BeginsAnew = Restart,
                Rebalances = Rebalance,
                IsForced = Force,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ActionTimeout = TimeSpan.FromSeconds(ActionTimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
