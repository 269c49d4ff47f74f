namespace SwarmOps.Completion;

/// <summary>Asks many the same for whom one answer, or the answers of those who are quick, are enough.</summary>
internal static class FirstAnswer
{
    /// <summary>
    /// How long the next one waits for the one before: long enough for a node on another continent that is connected already.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Asks one after another until one answers; beside one that is silent the next is asked as well. Those that come later are left to
    /// end: cancelling would close their connections.
    /// </summary>
    /// <exception cref="Exception">The last one's, when all have failed.</exception>
    public static async Task<T> OfAsync<TSource, T>(
        IEnumerable<TSource> sources,
        Func<TSource, Task<T>> ask,
        CancellationToken cancellationToken
    )
    {
        var left = new Queue<TSource>(sources);
        var asked = new List<Task<T>>();
        Exception last = new InvalidOperationException("There is nobody to ask.");
        while (left.Count > 0 || asked.Count > 0)
        {
            if (left.TryDequeue(out var next))
                asked.Add(Begin(next, ask));
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var silence = Task.Delay(left.Count > 0 ? Patience : Timeout.InfiniteTimeSpan, pause.Token);
            var ended = await Task.WhenAny([.. asked, silence]).ConfigureAwait(false);
            await pause.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (ended is not Task<T> answer || !asked.Remove(answer))
                continue;
            if (answer.IsCompletedSuccessfully)
                return await answer.ConfigureAwait(false);
            last = answer.Exception?.InnerException ?? new OperationCanceledException();
        }

        throw last;
    }

    /// <summary>Asks all at once and takes the answers of those who are quick: all that have come shortly after the first.</summary>
    public static async Task<IReadOnlyList<T>> OfEachAsync<TSource, T>(
        IEnumerable<TSource> sources,
        Func<TSource, Task<T>> ask,
        CancellationToken cancellationToken
    )
    {
        var asked = sources.Select(source => Begin(source, ask)).ToList();
        var left = asked.ToList<Task>();
        while (left.Count > 0 && !asked.Exists(answer => answer.IsCompletedSuccessfully))
            left.Remove(await Task.WhenAny(left).WaitAsync(cancellationToken).ConfigureAwait(false));
        if (left.Count > 0)
            await Task.WhenAny(Task.WhenAll(left), Task.Delay(Patience, cancellationToken)).ConfigureAwait(false);
        return [.. asked.Where(answer => answer.IsCompletedSuccessfully).Select(answer => answer.Result)];
    }

    private static Task<T> Begin<TSource, T>(TSource source, Func<TSource, Task<T>> ask)
    {
        var answer = Task.Run(() => ask(source));
        // Looked at by nobody when it comes too late; its failure is then nobody's business either.
        _ = answer.ContinueWith(
            static late => late.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default
        );
        return answer;
    }
}
