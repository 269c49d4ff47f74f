namespace SwarmOps.Services.Running;

/// <summary>
/// Sorts lines by time within a buffer of limited size; when it is full, the oldest line is emitted. A log that fits is sorted as a whole, a longer
/// one as far as lines of different nodes arrive no further apart than the buffer reaches.
/// </summary>
/// <param name="emit">Receives the lines in order.</param>
internal sealed class LogWindow(Func<SwarmLogEntry, ValueTask> emit)
{
    /// <summary>In characters of messages; with the overhead of each line about 50 MB of memory.</summary>
    private const int Room = 16 * 1024 * 1024;

    /// <summary>Overhead of a line besides its message.</summary>
    private const int Overhead = 200;

    private readonly PriorityQueue<SwarmLogEntry, (DateTime Time, long Number)> waiting = new();
    private long number;
    private long size;

    /// <summary>Adds a line, and emits the oldest while the buffer is full.</summary>
    public async ValueTask AddAsync(SwarmLogEntry entry)
    {
        // Lines with the same time stay in the order of arrival.
        waiting.Enqueue(entry, (entry.Time, number++));
        size += SizeOf(entry);
        while (size > Room)
            await EmitOldestAsync().ConfigureAwait(false);
    }

    /// <summary>Emits the remaining lines.</summary>
    public async ValueTask EmptyAsync()
    {
        while (waiting.Count > 0)
            await EmitOldestAsync().ConfigureAwait(false);
    }

    private ValueTask EmitOldestAsync()
    {
        var oldest = waiting.Dequeue();
        size -= SizeOf(oldest);
        return emit(oldest);
    }

    private static int SizeOf(SwarmLogEntry entry) => entry.Message.Length + Overhead;
}
