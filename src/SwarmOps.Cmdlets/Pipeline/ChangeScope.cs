using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>
/// Runs a cmdlet's work that may change something. It runs without a lock until the first change is confirmed; then the lock is taken and the work starts over,
/// since someone else may have changed something between the first read and the lock. A run that finds nothing to do, and -WhatIf, take no lock.
/// </summary>
/// <remarks>
/// Objects are written after the lock is released: a later cmdlet, or the user's own script block, runs while an object is written and takes the lock itself.
/// </remarks>
internal sealed class ChangeScope : IOperationContext, IDisposable
{
    private readonly IOperationContext outer;
    private readonly LockSettings settings;
    private readonly Dictionary<string, IHeldLock> held = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Target, string Action), bool> answers = [];
    private readonly List<object> objects = [];
    private readonly List<SwarmOpsException> errors = [];
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly object sync = new();
    private Dictionary<string, int> told = new(StringComparer.Ordinal);
    private Dictionary<string, int> telling = new(StringComparer.Ordinal);
    private CancellationTokenSource stopping;
    private IChangeLock? changeLock;
    private IDisposable? hold;
    private SwarmOpsException? refusal;

    private ChangeScope(IOperationContext outer, LockSettings settings)
    {
        (this.outer, this.settings) = (outer, settings);
        stopping = CancellationTokenSource.CreateLinkedTokenSource(outer.CancellationToken);
    }

    public CancellationToken CancellationToken => stopping.Token;

    /// <summary>Runs the work, once or twice.</summary>
    /// <param name="outer">The context of the cmdlet.</param>
    /// <param name="settings">How the lock is taken.</param>
    /// <param name="work">The work, which starts by reading the present state.</param>
    /// <exception cref="SwarmOpsException"><c>SwarmLockHeld</c>, <c>SwarmLockLost</c>, and the work's own.</exception>
    public static async Task RunAsync(IOperationContext outer, LockSettings settings, Func<IOperationContext, Task> work)
    {
        using var scope = new ChangeScope(outer, settings);
        try
        {
            while (!await scope.RunOnceAsync(work).ConfigureAwait(false))
                scope.BeginAgain();
        }
        finally
        {
            try
            {
                await scope.ReleaseAsync().ConfigureAwait(false);
            }
            finally
            {
                scope.hold?.Dispose();
                scope.Flush();
            }
        }
    }

    public INodeConnection Connection(SwarmNode node) => outer.Connection(node);

    public IDisposable? HoldConnections() => outer.HoldConnections();

    public void WriteVerbose(string message) => outer.WriteVerbose(message);

    public void WriteProgress(OperationProgress progress) => outer.WriteProgress(progress);

    /// <summary>Written at once, since it may belong to the confirmation that follows; not repeated when the work starts over.</summary>
    public void WriteWarning(string message)
    {
        lock (sync)
        {
            telling[message] = telling.GetValueOrDefault(message) + 1;
            if (told.GetValueOrDefault(message) is var before and > 0)
            {
                told[message] = before - 1;
                return;
            }
        }

        outer.WriteWarning(message);
    }

    /// <summary>Written at once while the lock is held; without the lock it may be out of date a moment later, so it waits.</summary>
    public void WriteError(SwarmOpsException error)
    {
        lock (sync)
        {
            if (held.Count == 0)
            {
                errors.Add(error);
                return;
            }
        }

        outer.WriteError(error);
    }

    public void WriteObject(object value)
    {
        lock (sync)
            objects.Add(value);
    }

    public Task<bool> ShouldProcessAsync(string target, string action) =>
        AskAsync((target, action), () => outer.ShouldProcessAsync(target, action));

    public bool IsWhatIf => outer.IsWhatIf;

    public Task<bool> ShouldContinueAsync(string query, string caption) =>
        AskAsync((query, caption), () => outer.ShouldContinueAsync(query, caption));

    public bool Holds(string key)
    {
        lock (sync)
            return held.ContainsKey(key);
    }

    public void Guard(IChangeLock changeLock) => this.changeLock = changeLock;

    public async Task LockAsync()
    {
        if (!await HoldsLockAsync().ConfigureAwait(false))
            throw new LockTakenException();
    }

    public void LetLockLapse()
    {
        changeLock = null;
        foreach (var one in held.Values)
            one.Lapse();
    }

    public void Dispose()
    {
        stopping.Dispose();
        gate.Dispose();
    }

    /// <summary>Asks once; the answer is kept when the work starts over. The first yes takes the lock.</summary>
    private async Task<bool> AskAsync((string, string) question, Func<Task<bool>> ask)
    {
        if (!answers.TryGetValue(question, out var agreed))
            agreed = await ask().ConfigureAwait(false);
        if (!agreed || await HoldsLockAsync().ConfigureAwait(false))
        {
            if (held.Count == 0)
                answers[question] = agreed;
            return agreed;
        }

        answers[question] = true;
        throw new LockTakenException();
    }

    /// <returns>Whether the work is complete; if not, it has taken its lock and starts over.</returns>
    private async Task<bool> RunOnceAsync(Func<IOperationContext, Task> work)
    {
        try
        {
            ChangeGuard.Current = held.Count == 0 ? null : new HeldGuard([.. held.Values]);
            await work(this).ConfigureAwait(false);
            return refusal is null ? true : throw refusal;
        }
        catch (LockTakenException)
        {
            return false;
        }
        catch (Exception)
            when (held.Values.FirstOrDefault(one => one.Lost.IsCancellationRequested) is { } lost
                && !outer.CancellationToken.IsCancellationRequested
            )
        {
            // Whatever the work threw: it ended because the lock was lost.
            await lost.ConfirmAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        finally
        {
            ChangeGuard.Current = null;
        }
    }

    /// <returns>True when the lock was held before; false when it was taken just now, so that everything read before is out of date.</returns>
    private async Task<bool> HoldsLockAsync()
    {
        await gate.WaitAsync(CancellationToken).ConfigureAwait(false);
        try
        {
            if (changeLock is not { } wanted || held.ContainsKey(wanted.Key))
                return true;
            // Work that continues with its next item after an error must not wait for the lock again.
            if (refusal is not null)
                throw refusal;
            // Held before the lock is taken: if Ctrl+C arrives meanwhile, the lock must still be released.
            hold ??= outer.HoldConnections();
            var taken = await wanted.TakeAsync(outer, settings).ConfigureAwait(false);
            lock (sync)
                held.Add(wanted.Key, taken);
            return false;
        }
        catch (SwarmOpsException error)
        {
            refusal = error;
            throw;
        }
        finally
        {
            gate.Release();
        }
    }

    private void BeginAgain()
    {
        lock (sync)
        {
            objects.Clear();
            errors.Clear();
            (told, telling) = (telling, new Dictionary<string, int>(StringComparer.Ordinal));
        }

        changeLock = null;
        stopping.Dispose();
        stopping = CancellationTokenSource.CreateLinkedTokenSource([outer.CancellationToken, .. held.Values.Select(one => one.Lost)]);
    }

    private async Task ReleaseAsync()
    {
        foreach (var one in held.Values.Reverse())
            await one.DisposeAsync().ConfigureAwait(false);
    }

    private void Flush()
    {
        foreach (var error in errors.Where(error => error != refusal))
            outer.WriteError(error);
        foreach (var value in objects)
            outer.WriteObject(value);
    }

    /// <summary>Confirms every held lock before a change.</summary>
    private sealed class HeldGuard(IReadOnlyList<IHeldLock> locks) : ChangeGuard
    {
        public override async ValueTask PassAsync(CancellationToken cancellationToken)
        {
            foreach (var one in locks)
                await one.ConfirmAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
