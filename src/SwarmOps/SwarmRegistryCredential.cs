namespace SwarmOps;

/// <summary>A service whose registry login was renewed. The login itself is not in it.</summary>
public sealed record SwarmRegistryCredential
{
    /// <summary>Name of the service.</summary>
    public string Service { get; init; } = "";

    /// <summary>Id of the service.</summary>
    public string ServiceId { get; init; } = "";

    /// <summary>The swarm's id.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>The registry.</summary>
    public string Registry { get; init; } = "";

    /// <summary>The image of the service.</summary>
    public string Image { get; init; } = "";

    /// <summary>When the login expires, UTC; null when that is not known.</summary>
    public DateTime? ExpiresAt { get; init; }

    /// <summary>Service and registry.</summary>
    public override string ToString() => $"{Service} ({Registry})";
}
