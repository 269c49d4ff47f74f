namespace SwarmOps.Pipeline;

/// <summary>
/// Objects in portions of limited size. As many as fit into one portion can be sorted as a whole; of more, one portion at a time is in memory, and the first is written
/// long before the last is read.
/// </summary>
/// <param name="write">Writes a portion.</param>
internal sealed class Portions<T>(Func<IReadOnlyList<T>, Task> write)
{
    /// <summary>How many objects are sorted as a whole.</summary>
    public const int Size = 1000;

    private List<T> portion = [];

    /// <summary>Adds an object; when the portion is full, it is written first.</summary>
    public async ValueTask AddAsync(T item)
    {
        if (portion.Count == Size)
            await FlushAsync().ConfigureAwait(false);
        portion.Add(item);
    }

    /// <summary>Writes what is left.</summary>
    public Task FlushAsync()
    {
        var full = portion;
        portion = [];
        return full.Count == 0 ? Task.CompletedTask : write(full);
    }
}
