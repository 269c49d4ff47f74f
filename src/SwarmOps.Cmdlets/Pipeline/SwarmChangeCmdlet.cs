using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>A stage that changes a swarm and takes its input in ways of its own: it holds the swarm's lock while it does.</summary>
public abstract class SwarmChangeCmdlet : SwarmCmdlet
{
    /// <summary>How long to wait for someone else who is changing the swarm, in seconds; 0 does not wait for one that is seen to live.</summary>
    [Parameter]
    [ValidateRange(0, LockSettings.LongestWaitSeconds)]
    public int WaitForLock { get; set; } = LockSettings.DefaultWaitSeconds;

    /// <summary>Does what may change one swarm.</summary>
    private protected Task ChangeAsync(IOperationContext context, Func<IOperationContext, Task> work) => ChangeScope.RunAsync(context, LockSettings.Of(this, WaitForLock), work);
}
