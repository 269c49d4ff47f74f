namespace SwarmOps;

/// <summary>The way from one node to another over an overlay network, as packets proved it.</summary>
public sealed record SwarmOverlayPath
{
    /// <summary>Name of the network.</summary>
    public string Overlay { get; init; } = "";

    /// <summary>Name of the node that sent.</summary>
    public string From { get; init; } = "";

    /// <summary>Its region.</summary>
    public string? FromRegion { get; init; }

    /// <summary>Name of the node that was to answer.</summary>
    public string To { get; init; } = "";

    /// <summary>Its region.</summary>
    public string? ToRegion { get; init; }

    /// <summary>Whether all of it works.</summary>
    public FindingResult Result { get; init; }

    /// <summary>Shortest round trip of an ICMP echo, in milliseconds; null when none came back.</summary>
    public double? Latency { get; init; }

    /// <summary>Share of ICMP echoes that were lost, 0 to 1; null when none was sent.</summary>
    public double? Loss { get; init; }

    /// <summary>Whether a UDP packet was answered.</summary>
    public bool Udp { get; init; }

    /// <summary>Whether a TCP connection came about.</summary>
    public bool Tcp { get; init; }

    /// <summary>Whether the peer's name gave its address.</summary>
    public bool NameResolves { get; init; }

    /// <summary>MTU of the sender's interface, in bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>Largest packet that passed without being fragmented, in bytes.</summary>
    public int? LargestPacket { get; init; }

    /// <summary>The likely cause of what is wrong.</summary>
    public SwarmOverlayCause Cause { get; init; }

    /// <summary>What was seen, in words.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What to do; null when nothing is wrong.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>The test that it is a part of; null for one that was made otherwise.</summary>
    internal SwarmOverlayProof? Proof { get; init; }

    /// <summary>From, to and result.</summary>
    public override string ToString() => $"{From} -> {To}: {Result}";
}
