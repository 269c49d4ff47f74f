using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>A cmdlet that changes a swarm, holding the swarm's lock meanwhile, and reads its pipeline input itself.</summary>
public abstract class SwarmChangeCmdlet : SwarmCmdlet
{
    /// <summary>How long to wait, in seconds, while someone else holds the swarm's lock; 0 does not wait for a holder that is known to be active.</summary>
    [Parameter]
    [ValidateRange(0, LockSettings.LongestWaitSeconds)]
    public int WaitForLock { get; set; } = LockSettings.DefaultWaitSeconds;

    /// <summary>Runs work that may change one swarm.</summary>
    private protected Task ChangeAsync(IOperationContext context, Func<IOperationContext, Task> work) => ChangeScope.RunAsync(context, LockSettings.Of(this, WaitForLock), work);
}
