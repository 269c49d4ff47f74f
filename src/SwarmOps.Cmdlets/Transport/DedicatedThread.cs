namespace SwarmOps.Transport;

/// <summary>Runs SSH.NET's blocking calls on a thread of its own, so that thirty nodes at once do not starve the thread pool of a two-core runbook worker.</summary>
internal static class DedicatedThread
{
    /// <summary>Runs the work; a cancelled wait returns at once, and the work ends by itself.</summary>
    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) => Start(work).WaitAsync(cancellationToken);

    /// <summary>Creates something that must be closed; when the wait is cancelled, it is closed as soon as it exists.</summary>
    public static async Task<T> MakeAsync<T>(Func<T> work, CancellationToken cancellationToken)
        where T : IDisposable
    {
        var making = Start(work);
        try
        {
            return await making.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = making.ContinueWith(
                static made => made.Result.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default
            );
            throw;
        }
    }

    /// <summary>Starts the work.</summary>
    public static Task<T> Start<T>(Func<T> work) =>
        Task.Factory.StartNew(
            work,
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default
        );
}
