namespace SwarmOps.Services.Running;

/// <summary>
/// Puts lines in the order of time while holding a few of them: what is older than a window of this size is given away, so a log that fits is sorted as a whole, and a longer
/// one where the nodes' lines do not come further apart than that.
/// </summary>
/// <param name="emit">Takes the lines in order.</param>
internal sealed class LogWindow(Func<SwarmLogEntry, ValueTask> emit)
{
    /// <summary>In characters of messages; with what else a line has in memory, some 50 MB.</summary>
    private const int Room = 16 * 1024 * 1024;

    /// <summary>What a line takes beside its message.</summary>
    private const int Overhead = 200;

    private readonly PriorityQueue<SwarmLogEntry, (DateTime Time, long Number)> waiting = new();
    private long number;
    private long size;

    /// <summary>Adds a line, and gives the oldest away where there is no room.</summary>
    public async ValueTask AddAsync(SwarmLogEntry entry)
    {
        // Lines of the same moment stay in the order in which they came.
        waiting.Enqueue(entry, (entry.Time, number++));
        size += SizeOf(entry);
        while (size > Room)
            await EmitOldestAsync().ConfigureAwait(false);
    }

    /// <summary>Gives the rest away.</summary>
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
