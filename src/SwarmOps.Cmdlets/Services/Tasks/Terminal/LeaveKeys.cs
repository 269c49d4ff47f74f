namespace SwarmOps.Services.Tasks.Terminal;

/// <summary>
/// Finds the keys that leave a task, Ctrl+] twice within half a second. A single one is for the program; it waits that long, since programs know it too.
/// </summary>
internal sealed class LeaveKeys
{
    /// <summary>How far apart the two may be.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private const byte Key = 0x1D;

    private long heldSince;
    private bool isHeld;

    /// <summary>Whether a key waits for a second one.</summary>
    public bool IsWaiting => isHeld;

    /// <summary>Takes what was typed.</summary>
    /// <param name="typed">What was typed; empty when nothing was.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <returns>What is for the program; null when the user leaves.</returns>
    public byte[]? Take(ReadOnlySpan<byte> typed, long now)
    {
        var kept = new List<byte>(typed.Length + 1);
        if (isHeld && now - heldSince > Patience.TotalMilliseconds)
            Release(kept);
        foreach (var key in typed)
        {
            if (key == Key && isHeld)
                return null;
            if (key == Key)
            {
                (isHeld, heldSince) = (true, now);
                continue;
            }

            Release(kept);
            kept.Add(key);
        }

        return [.. kept];
    }

    private void Release(List<byte> kept)
    {
        if (isHeld)
            kept.Add(Key);
        isHeld = false;
    }
}
