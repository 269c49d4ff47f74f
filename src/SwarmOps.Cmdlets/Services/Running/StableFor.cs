namespace SwarmOps.Services.Running;

/// <summary>Tells for how long something has been the same.</summary>
internal sealed class StableFor
{
    private string? value;
    private long since;

    /// <summary>Whether a value has been the same for a time; another value starts anew.</summary>
    public bool Lasts(string now, TimeSpan time)
    {
        if (value != now)
            (value, since) = (now, Environment.TickCount64);
        return Environment.TickCount64 - since >= time.TotalMilliseconds;
    }

    /// <summary>Starts anew.</summary>
    public void Reset() => value = null;
}
