using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>What keeps other administrators out of what a stage is about to change.</summary>
internal interface IChangeLock
{
    /// <summary>What it stands for; two with the same key are one.</summary>
    string Key { get; }

    /// <summary>Takes it, after a wait for whoever holds it.</summary>
    /// <param name="context">The stage that asks.</param>
    /// <param name="settings">How long to wait, and what for.</param>
    /// <exception cref="SwarmOpsException"><c>SwarmLockHeld</c>, the transport's errors.</exception>
    Task<IHeldLock> TakeAsync(IOperationContext context, LockSettings settings);
}

/// <summary>A lock that is held until it is disposed.</summary>
internal interface IHeldLock : IAsyncDisposable
{
    /// <summary>Cancelled when someone else holds it.</summary>
    CancellationToken Lost { get; }

    /// <summary>Makes sure, before a change, that it is still held.</summary>
    /// <exception cref="SwarmOpsException"><c>SwarmLockLost</c>.</exception>
    ValueTask ConfirmAsync(CancellationToken cancellationToken);

    /// <summary>No longer renews it, and does not take it away at the end.</summary>
    void Lapse();
}

/// <summary>How a lock is taken.</summary>
/// <param name="Wait">How long to wait for whoever holds it.</param>
/// <param name="Activity">The cmdlet that takes it.</param>
internal sealed record LockSettings(TimeSpan Wait, string Activity)
{
    /// <summary>What <c>-WaitForLock</c> is where it is not given, in seconds: longer than a lock outlives a run that was killed.</summary>
    public const int DefaultWaitSeconds = 60;

    /// <summary>The longest <c>-WaitForLock</c>, in seconds: a day.</summary>
    public const int LongestWaitSeconds = 86400;

    /// <summary>The settings of a cmdlet.</summary>
    public static LockSettings Of(PSCmdlet cmdlet, int waitSeconds) => new(TimeSpan.FromSeconds(waitSeconds), cmdlet.MyInvocation.MyCommand.Name);
}
