namespace SwarmOps.Nodes.Reachability;

/// <summary>What a probe sends.</summary>
internal enum ProbeProtocol
{
    /// <summary>A TCP connection.</summary>
    Tcp,

    /// <summary>A UDP datagram.</summary>
    Udp,

    /// <summary>A packet of IP protocol 50 (ESP, RFC 4303), which encrypted overlays travel in.</summary>
    Esp,
}
