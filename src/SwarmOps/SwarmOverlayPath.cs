namespace SwarmOps;

/// <summary>The path from one node to another over an overlay network, as tested with packets.</summary>
public sealed record SwarmOverlayPath
{
    /// <summary>Name of the network.</summary>
    public string Overlay { get; init; } = "";

    /// <summary>Name of the node that sent.</summary>
    public string From { get; init; } = "";

    /// <summary>Its region.</summary>
    public string? FromRegion { get; init; }

    /// <summary>Name of the node that should answer.</summary>
    public string To { get; init; } = "";

    /// <summary>Its region.</summary>
    public string? ToRegion { get; init; }

    /// <summary>Result of the test.</summary>
    public FindingResult Result { get; init; }

    /// <summary>Shortest round trip of an ICMP echo, in milliseconds; null when none was answered.</summary>
    public double? Latency { get; init; }

    /// <summary>Share of ICMP echoes that were lost, 0 to 1; null when none was sent.</summary>
    public double? Loss { get; init; }

    /// <summary>Whether a UDP packet was answered.</summary>
    public bool Udp { get; init; }

    /// <summary>Whether a TCP connection was established.</summary>
    public bool Tcp { get; init; }

    /// <summary>Whether the peer's name resolved to its address.</summary>
    public bool NameResolves { get; init; }

    /// <summary>MTU of the sender's interface, in bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>Largest packet that arrived without fragmentation, in bytes.</summary>
    public int? LargestPacket { get; init; }

    /// <summary>The likely cause of a problem.</summary>
    public SwarmOverlayCause Cause { get; init; }

    /// <summary>What was observed.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What to do; null when nothing is wrong.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>From, to and result.</summary>
    public override string ToString() => $"{From} -> {To}: {Result}";
}
