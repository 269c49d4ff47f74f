namespace SwarmOps.Transport;

/// <summary>What a known_hosts file says of a key.</summary>
internal enum KnownHostMatch
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>It is the host's key.</summary>
    Match,

    /// <summary>The host has another key.</summary>
    Mismatch,

    /// <summary>The key must not be trusted.</summary>
    Revoked,
}
