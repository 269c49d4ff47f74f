using System.Management.Automation;
using SwarmOps.GeoDns.Drain;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.Stacks;

/// <summary>Deploys a stack from Compose files, waits until it has converged, and rolls back if it does not.</summary>
[Cmdlet(VerbsData.Publish, "SwarmStack", SupportsShouldProcess = true, DefaultParameterSetName = ByNode)]
[OutputType(typeof(SwarmStack))]
public sealed class PublishSwarmStackCommand : StackFileCmdlet
{
    /// <summary>Removes services, networks, secrets and configs of the stack that the files do not have.</summary>
    [Parameter]
    public SwitchParameter Prune { get; set; }

    /// <summary>If a service does not converge, restores the earlier specification of every service of the stack; <c>-RollbackOnFailure:$false</c> leaves them as they are.</summary>
    [Parameter]
    public SwitchParameter RollbackOnFailure { get; set; } = true;

    /// <summary>Updates edge services without taking their regions out of the DNS on the swarm meanwhile.</summary>
    [Parameter]
    public SwitchParameter NoDrain { get; set; }

    /// <summary>How long each service may take to converge, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <summary>How long all tasks must remain stable, in seconds; by default each service's update policy's monitor time.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int StableSeconds { get; set; }

    /// <summary>How long to wait, in seconds, while someone else holds the swarm's lock; 0 does not wait for a holder that is known to be active.</summary>
    [Parameter]
    [ValidateRange(0, LockSettings.LongestWaitSeconds)]
    public int WaitForLock { get; set; } = LockSettings.DefaultWaitSeconds;

    /// <inheritdoc/>
    private protected override Task RunAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var options = new ServiceOptions
        {
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
            Traffic = NoDrain ? null : new GeoDnsTraffic(),
            Stable = Has(nameof(StableSeconds)) ? TimeSpan.FromSeconds(StableSeconds) : null,
        };
        var request = Request(nodes, options) with { Prunes = Prune, RollsBack = RollbackOnFailure };
        return ChangeScope.RunAsync(
            context,
            LockSettings.Of(this, WaitForLock),
            scope => new PublishStackOperation(scope, request).RunAsync()
        );
    }
}
