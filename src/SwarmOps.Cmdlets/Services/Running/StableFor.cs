namespace SwarmOps.Services.Running;

/// <summary>Tracks how long a value has been unchanged.</summary>
internal sealed class StableFor
{
    private string? value;
    private long since;

    /// <summary>Whether the value has been unchanged for this long; another value restarts the clock.</summary>
    public bool Lasts(string now, TimeSpan time)
    {
        if (value != now)
            (value, since) = (now, Environment.TickCount64);
        return Environment.TickCount64 - since >= time.TotalMilliseconds;
    }

    /// <summary>Restarts the clock.</summary>
    public void Reset() => value = null;
}
