using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>A cmdlet that changes a swarm, holding the swarm's lock meanwhile, and reads its pipeline input itself: nodes, or objects that know their nodes.</summary>
public abstract class SwarmChangeCmdlet : SwarmCmdlet
{
    /// <summary>How many nodes are contacted at the same time.</summary>
    // Not inherited: the order in which PowerShell lists parameters is that of their declaration, derived classes first, and here this one precedes -WaitForLock.
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>How long to wait, in seconds, while someone else holds the swarm's lock; 0 does not wait for a holder that is known to be active.</summary>
    [Parameter]
    [ValidateRange(0, LockSettings.LongestWaitSeconds)]
    public int WaitForLock { get; set; } = LockSettings.DefaultWaitSeconds;

    /// <summary>Runs work that may change one swarm.</summary>
    private protected Task ChangeAsync(IOperationContext context, Func<IOperationContext, Task> work) =>
        ChangeScope.RunAsync(context, LockSettings.Of(this, WaitForLock), work);
}
