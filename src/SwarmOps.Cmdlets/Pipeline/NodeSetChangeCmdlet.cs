using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>A stage that needs the whole node set and changes its swarm: it holds the swarm's lock while it does.</summary>
public abstract class NodeSetChangeCmdlet : NodeSetCmdlet
{
    /// <summary>How long to wait for someone else who is changing the swarm, in seconds; 0 does not wait for one that is seen to live.</summary>
    [Parameter]
    [ValidateRange(0, LockSettings.LongestWaitSeconds)]
    public int WaitForLock { get; set; } = LockSettings.DefaultWaitSeconds;

    /// <inheritdoc/>
    private protected sealed override LockSettings? Lock => LockSettings.Of(this, WaitForLock);
}
