namespace SwarmOps.Completion;

/// <summary>
/// Remembers for some seconds what was asked for Tab. Who presses Tab waits for a limited time; the question goes on behind the prompt, so
/// what came too late for one Tab is there for the next.
/// </summary>
/// <param name="clock">Tells the time.</param>
internal sealed class AnswerCache(TimeProvider clock)
{
    /// <summary>How old an answer may be: as long as one line is being typed.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>How long a question may take behind the prompt; connecting to a node on another continent is the longest part.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>The answer to a question, from memory or asked now; who asks the same at the same time shares one question.</summary>
    /// <param name="key">What makes two questions the same.</param>
    /// <param name="ask">Asks.</param>
    /// <param name="wait">How long to wait for the answer.</param>
    /// <param name="fresh">How old an answer may be; null means <see cref="Fresh"/>.</param>
    /// <returns>
    /// Null when it did not come in time, or failed. A failure is remembered for <see cref="Fresh"/>, so that a dead node is not dialled again
    /// with every key.
    /// </returns>
    public T? Recall<T>(string key, Func<CancellationToken, Task<T>> ask, TimeSpan wait, TimeSpan? fresh = null)
        where T : class
    {
        Task<object?> answer;
        lock (entries)
        {
            foreach (var (old, _) in entries.Where(entry => entry.Value.IsOver(clock)).ToList())
                entries.Remove(old);
            if (!entries.TryGetValue(key, out var entry))
                entries.Add(key, entry = new Entry(fresh ?? Fresh, clock, async token => await ask(token).ConfigureAwait(false)));
            answer = entry.Answer;
        }

        return answer.Wait(wait) ? (T?)answer.Result : null;
    }

    /// <summary>Forgets everything: something may have changed.</summary>
    public void Clear()
    {
        lock (entries)
            entries.Clear();
    }

    /// <summary>A question that was asked.</summary>
    private sealed class Entry
    {
        private readonly TimeSpan fresh;
        private long? answeredAt;

        public Entry(TimeSpan fresh, TimeProvider clock, Func<CancellationToken, Task<object?>> ask)
        {
            this.fresh = fresh;
            Answer = Task.Run(() => AskAsync(clock, ask));
        }

        public Task<object?> Answer { get; }

        public bool IsOver(TimeProvider clock) =>
            Answer.IsCompleted && answeredAt is { } then && clock.GetElapsedTime(then) > (Answer.Result is null ? Fresh : fresh);

        private async Task<object?> AskAsync(TimeProvider clock, Func<CancellationToken, Task<object?>> ask)
        {
            // Not disposed: a node that lost the race may still be asked, and the limit must end that too.
            var limit = new CancellationTokenSource(Limit);
            try
            {
                return await ask(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Whoever runs the command will be told; at the prompt it would be in the way.
                return null;
            }
            finally
            {
                answeredAt = clock.GetTimestamp();
            }
        }
    }
}
