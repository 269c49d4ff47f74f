namespace SwarmOps.Transport;

/// <summary>
/// The length of a cmdlet's critical path: how many round trips wait for each other. Work that runs beside other work has a chain of its own, which begins where it was started
/// and is joined at its end: of parallel chains the longest counts. Never too short: calls of work that was not separated count as if they waited for each other.
/// </summary>
internal sealed class CallChain
{
    private static readonly AsyncLocal<CallChain?> Ambient = new();
    private int length;

    /// <summary>The chain of the current work.</summary>
    public static CallChain? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>How many round trips have waited for each other so far.</summary>
    public int Length => Volatile.Read(ref length);

    /// <summary>Makes one round trip of the current work: what follows waits for it.</summary>
    public static async Task<T> CountAsync<T>(Func<Task<T>> call)
    {
        if (Current is not { } chain)
            return await call().ConfigureAwait(false);
        var before = chain.Length;
        try
        {
            return await call().ConfigureAwait(false);
        }
        finally
        {
            chain.Reach(before + 1);
        }
    }

    /// <summary>Runs work beside other work.</summary>
    /// <param name="work">The work.</param>
    /// <param name="from">Where both begin; null for here. Without it, what is started a moment later would count the round trips of what was quicker.</param>
    public static Task<T> BesideAsync<T>(Func<Task<T>> work, Mark? from = null) => BesideAsync(work, static _ => true, from);

    /// <inheritdoc cref="BesideAsync{T}(Func{Task{T}}, Mark?)"/>
    public static Task BesideAsync(Func<Task> work, Mark? from = null) =>
        BesideAsync(
            async () =>
            {
                await work().ConfigureAwait(false);
                return true;
            },
            static _ => true,
            from
        );

    /// <summary>Runs work beside other work; its round trips count only if its result does: of the looks of a wait, the last.</summary>
    public static async Task<T> BesideAsync<T>(Func<Task<T>> work, Func<T, bool> counts, Mark? from = null)
    {
        if (Current is not { } outer)
            return await work().ConfigureAwait(false);
        // Set in this method only: an asynchronous method restores the context of its caller.
        var own = new CallChain { length = from?.Length ?? outer.Length };
        Current = own;
        var isCounted = true;
        try
        {
            var result = await work().ConfigureAwait(false);
            isCounted = counts(result);
            return result;
        }
        finally
        {
            if (isCounted)
                outer.Reach(own.Length);
        }
    }

    /// <summary>A point in the critical path of one cmdlet.</summary>
    /// <param name="ledger">The cmdlet.</param>
    /// <param name="length">The length there.</param>
    internal readonly struct Mark(CallLedger? ledger, int length)
    {
        /// <summary>The length there.</summary>
        public int Length => length;

        /// <summary>The present point of the current work.</summary>
        public static Mark Here() => new(CallLedger.Current, Current?.Length ?? 0);

        /// <summary>The current work has waited for this point, if it is the same cmdlet's.</summary>
        public void Join()
        {
            if (ledger is not null && ledger == CallLedger.Current)
                Current?.Reach(length);
        }
    }

    private void Reach(int reached)
    {
        for (var now = Length; now < reached; now = Length)
            Interlocked.CompareExchange(ref length, reached, now);
    }
}
