namespace SwarmOps;

/// <summary>Why packets of an overlay network do not arrive, as far as what was seen tells.</summary>
public enum SwarmOverlayCause
{
    /// <summary>They arrive.</summary>
    None,

    /// <summary>The path was not tested: there is no probe at one end.</summary>
    NotTested,

    /// <summary>No cause fits what was seen.</summary>
    Unknown,

    /// <summary>The data path's UDP port, 4789 by default, is blocked between the hosts.</summary>
    DataPathPortBlocked,

    /// <summary>IP protocol 50 (ESP) is blocked between the hosts.</summary>
    Protocol50Blocked,

    /// <summary>1:1 NAT breaks the checksum that IPsec protects (moby/moby issue 37115).</summary>
    NatChecksum,

    /// <summary>A host's kernel has no IPsec: it refused the engine's keys.</summary>
    KernelWithoutIpsec,

    /// <summary>Port 7946, over which nodes tell each other of containers, is blocked.</summary>
    GossipBlocked,

    /// <summary>Port 7946 is blocked for UDP alone.</summary>
    GossipUdpBlocked,

    /// <summary>The network is sound, and the swarm has lost one of the two: most often 2377/tcp is blocked.</summary>
    ControlPortBlocked,

    /// <summary>Nothing passes between the hosts.</summary>
    HostCutOff,

    /// <summary>Packets of full size are lost: the path's MTU is smaller than the network assumes.</summary>
    MtuTooLarge,

    /// <summary>A name does not give its container's address although packets arrive (moby/moby issues 33589 and 53141).</summary>
    StaleName,

    /// <summary>Some packets are lost.</summary>
    PacketLoss,
}
