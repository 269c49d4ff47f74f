namespace SwarmOps.Nodes;

/// <summary>Kind of an IP address.</summary>
internal enum AddressKind
{
    /// <summary>It can be a host's own.</summary>
    Usable,

    /// <summary>0.0.0.0/8 (RFC 1122) or ::.</summary>
    Unspecified,

    /// <summary>127.0.0.0/8 or ::1.</summary>
    Loopback,

    /// <summary>169.254.0.0/16 (RFC 3927) or fe80::/10.</summary>
    LinkLocal,

    /// <summary>224.0.0.0/4 or ff00::/8.</summary>
    Multicast,

    /// <summary>255.255.255.255.</summary>
    Broadcast,

    /// <summary>240.0.0.0/4 (RFC 1112).</summary>
    Reserved,
}
