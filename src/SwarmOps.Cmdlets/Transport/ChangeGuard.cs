namespace SwarmOps.Transport;

/// <summary>
/// Checked before every call that may change something: a run that was suspended, or cut off from its swarm, must not continue from stale state.
/// Flows with the asynchronous work, so that no call can bypass it.
/// </summary>
internal abstract class ChangeGuard
{
    private static readonly AsyncLocal<ChangeGuard?> Ambient = new();

    /// <summary>The guard of the current work; null when no lock is held.</summary>
    public static ChangeGuard? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Returns when the change is allowed; throws otherwise.</summary>
    /// <exception cref="SwarmOpsException">The lock is no longer held.</exception>
    public abstract ValueTask PassAsync(CancellationToken cancellationToken);
}
