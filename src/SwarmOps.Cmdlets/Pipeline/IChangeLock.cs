using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>A lock that keeps other administrators from changing the same thing at the same time.</summary>
internal interface IChangeLock
{
    /// <summary>Identifies what is locked; two locks with the same key are the same lock.</summary>
    string Key { get; }

    /// <summary>Takes the lock, after waiting for the present holder.</summary>
    /// <param name="context">The cmdlet that takes it.</param>
    /// <param name="settings">How long to wait, and for which cmdlet.</param>
    /// <exception cref="SwarmOpsException"><c>SwarmLockHeld</c>, the transport's errors.</exception>
    Task<IHeldLock> TakeAsync(IOperationContext context, LockSettings settings);
}

/// <summary>A lock that is held until it is disposed.</summary>
internal interface IHeldLock : IAsyncDisposable
{
    /// <summary>Cancelled when someone else holds it.</summary>
    CancellationToken Lost { get; }

    /// <summary>Verifies, before a change, that the lock is still held.</summary>
    /// <exception cref="SwarmOpsException"><c>SwarmLockLost</c>.</exception>
    ValueTask ConfirmAsync(CancellationToken cancellationToken);

    /// <summary>Stops renewing the lock, and does not remove it at the end.</summary>
    void Lapse();
}

/// <summary>How a lock is taken.</summary>
/// <param name="Wait">How long to wait for the present holder.</param>
/// <param name="Activity">The cmdlet that takes it.</param>
internal sealed record LockSettings(TimeSpan Wait, string Activity)
{
    /// <summary>The default of <c>-WaitForLock</c>, in seconds: longer than the lock of an interrupted run lasts.</summary>
    public const int DefaultWaitSeconds = 60;

    /// <summary>The longest <c>-WaitForLock</c>, in seconds: a day.</summary>
    public const int LongestWaitSeconds = 86400;

    /// <summary>The settings of a cmdlet.</summary>
    public static LockSettings Of(PSCmdlet cmdlet, int waitSeconds) =>
        new(TimeSpan.FromSeconds(waitSeconds), cmdlet.MyInvocation.MyCommand.Name);
}
