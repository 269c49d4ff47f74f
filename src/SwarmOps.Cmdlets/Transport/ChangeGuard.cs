namespace SwarmOps.Transport;

/// <summary>
/// Stands before every call that may change something: a run that was suspended, or cut off from its swarm, must not go on with what it saw before.
/// Kept with the flow of the work, so that no call can be forgotten.
/// </summary>
internal abstract class ChangeGuard
{
    private static readonly AsyncLocal<ChangeGuard?> Ambient = new();

    /// <summary>The guard of the current work; null where nothing is guarded.</summary>
    public static ChangeGuard? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Lets a change pass, or throws.</summary>
    /// <exception cref="SwarmOpsException">What was held to make the change is no longer held.</exception>
    public abstract ValueTask PassAsync(CancellationToken cancellationToken);
}
