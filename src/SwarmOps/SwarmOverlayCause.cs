namespace SwarmOps;

/// <summary>Likely cause why packets of an overlay network do not arrive.</summary>
public enum SwarmOverlayCause
{
    /// <summary>No problem: packets arrive.</summary>
    None,

    /// <summary>The path was not tested: one of the two nodes did not answer, is not in the swarm, or has no probe.</summary>
    NotTested,

    /// <summary>No known cause matches the observations.</summary>
    Unknown,

    /// <summary>The data path's UDP port, 4789 by default, is blocked between the hosts.</summary>
    DataPathPortBlocked,

    /// <summary>IP protocol 50 (ESP) is blocked between the hosts.</summary>
    Protocol50Blocked,

    /// <summary>1:1 NAT breaks the checksum that IPsec protects (moby/moby issue 37115).</summary>
    NatChecksum,

    /// <summary>A host's kernel has no IPsec: it rejected the engine's keys.</summary>
    KernelWithoutIpsec,

    /// <summary>Port 7946, over which nodes exchange gossip, is blocked.</summary>
    GossipBlocked,

    /// <summary>Port 7946 is blocked for UDP only.</summary>
    GossipUdpBlocked,

    /// <summary>The network works, but one of the two nodes has lost its connection to the managers: most often 2377/tcp is blocked.</summary>
    ControlPortBlocked,

    /// <summary>No packets pass between the hosts.</summary>
    HostCutOff,

    /// <summary>Packets of full size are lost: the path's MTU is smaller than the network assumes.</summary>
    MtuTooLarge,

    /// <summary>A name does not resolve to its container's address although packets arrive (moby/moby issues 33589 and 53141).</summary>
    StaleName,

    /// <summary>Some packets are lost.</summary>
    PacketLoss,
}
