using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>
/// Runs a stage that may change something. It runs without a lock until the first consent to a change; then the lock is taken and the stage begins again from its
/// first look, since someone else may have been at work between that look and the lock. A run that finds nothing to do, and one that only looks (-WhatIf), take none.
/// </summary>
/// <remarks>
/// Objects are given on when the lock has been let go of: a later stage, or the user's own script block, acts while an object is written and takes the lock itself.
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

    /// <summary>Runs a stage's work, once or twice.</summary>
    /// <param name="outer">The stage.</param>
    /// <param name="settings">How its lock is taken.</param>
    /// <param name="work">The work, which begins with a look at what is there.</param>
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

    /// <summary>Told at once, since it may be about the question that follows, and not again when the stage begins again.</summary>
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

    /// <summary>Told at once when the lock is held; before that it may be untrue a moment later.</summary>
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

    public Task<bool> ShouldProcessAsync(string target, string action) => AskAsync((target, action), () => outer.ShouldProcessAsync(target, action));

    public Task<bool> ShouldContinueAsync(string query, string caption) => AskAsync((query, caption), () => outer.ShouldContinueAsync(query, caption));

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

    /// <summary>Asks once; the answer holds when the work begins again. The first yes takes the lock.</summary>
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

    /// <returns>Whether the work came to its end; else it has taken its lock and begins again.</returns>
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
        catch (Exception) when (held.Values.FirstOrDefault(one => one.Lost.IsCancellationRequested) is { } lost && !outer.CancellationToken.IsCancellationRequested)
        {
            // However the work put it: it ended because the lock was lost.
            await lost.ConfirmAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        finally
        {
            ChangeGuard.Current = null;
        }
    }

    /// <returns>Whether the lock was held before; false: it is held now, and what was seen before that is worth nothing.</returns>
    private async Task<bool> HoldsLockAsync()
    {
        await gate.WaitAsync(CancellationToken).ConfigureAwait(false);
        try
        {
            if (changeLock is not { } wanted || held.ContainsKey(wanted.Key))
                return true;
            // Work that goes on with its next item after an error must not wait for the lock once more.
            if (refusal is not null)
                throw refusal;
            // Before: a lock that is taken while Ctrl+C comes has to be let go of, too.
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

    /// <summary>Asks every lock that is held before a change.</summary>
    private sealed class HeldGuard(IReadOnlyList<IHeldLock> locks) : ChangeGuard
    {
        public override async ValueTask PassAsync(CancellationToken cancellationToken)
        {
            foreach (var one in locks)
                await one.ConfirmAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
