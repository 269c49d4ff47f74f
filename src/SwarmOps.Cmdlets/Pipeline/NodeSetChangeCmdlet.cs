using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>A cmdlet that needs the whole node set and changes its swarm, holding the swarm's lock meanwhile.</summary>
public abstract class NodeSetChangeCmdlet : NodeSetCmdlet
{
    /// <summary>How long to wait, in seconds, while someone else holds the swarm's lock; 0 does not wait for a holder that is known to be active.</summary>
    [Parameter]
    [ValidateRange(0, LockSettings.LongestWaitSeconds)]
    public int WaitForLock { get; set; } = LockSettings.DefaultWaitSeconds;

    /// <inheritdoc/>
    private protected sealed override LockSettings? Lock => LockSettings.Of(this, WaitForLock);
}
