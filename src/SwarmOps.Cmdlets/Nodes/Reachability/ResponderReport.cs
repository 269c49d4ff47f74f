namespace SwarmOps.Nodes.Reachability;

/// <summary>The ports that a node's responder could open, and the probes that reached it.</summary>
internal sealed record ResponderReport
{
    /// <summary>Why there is no responder; null when there is one.</summary>
    public string? Failure { get; init; }

    /// <summary>The ports on which the responder itself listens, as <c>tcp/2377</c>.</summary>
    public IReadOnlySet<string> Own { get; init; } = new HashSet<string>();

    /// <summary>The ports that other programs hold, as <c>tcp/2377</c>.</summary>
    public IReadOnlySet<string> Taken { get; init; } = new HashSet<string>();

    /// <summary>Whether it sees UDP packets to ports that are not its own (a raw socket, which needs root).</summary>
    public bool SeesAllUdp { get; init; }

    /// <summary>Whether it sees packets of protocol 50 (needs root).</summary>
    public bool SeesEsp { get; init; }

    /// <summary>Numbers of the probes that arrived; null when the responder ended before it was read.</summary>
    public IReadOnlySet<int>? Seen { get; init; }

    /// <summary>Whether a packet to the target would be detected.</summary>
    public bool WouldSee(ProbeTarget target) =>
        target.Protocol == ProbeProtocol.Esp ? SeesEsp : SeesAllUdp || Own.Contains(PortKey(target));

    /// <summary>The key of a target's port in <see cref="Own"/> and <see cref="Taken"/>.</summary>
    public static string PortKey(ProbeTarget target) => $"{target.Protocol.ToString().ToLowerInvariant()}/{target.Port}";
}
