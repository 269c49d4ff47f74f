namespace SwarmOps.Transport;

/// <summary>Result of looking up a key in a known_hosts file.</summary>
internal enum KnownHostMatch
{
    /// <summary>The host is not listed.</summary>
    Unknown,

    /// <summary>It is the host's key.</summary>
    Match,

    /// <summary>The host is listed with another key.</summary>
    Mismatch,

    /// <summary>The key is revoked.</summary>
    Revoked,
}
