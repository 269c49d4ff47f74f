namespace SwarmOps.Nodes.Reachability;

/// <summary>One probe target: from a node to an address.</summary>
/// <param name="From">The node that sends.</param>
/// <param name="To">The node that is expected at the address, which listens during the test; null when only existing listeners can be tested.</param>
/// <param name="Address">The IPv4 or IPv6 address to reach.</param>
/// <param name="Protocol">What is sent.</param>
/// <param name="Port">The port; 0 for <see cref="ProbeProtocol.Esp"/>.</param>
internal sealed record ProbeTarget(SwarmNode From, SwarmNode? To, string Address, ProbeProtocol Protocol, int Port)
{
    /// <summary>Port and protocol as <c>docker</c> writes them: <c>2377/tcp</c>; <c>50/esp</c> for protocol 50.</summary>
    public string Service => Protocol == ProbeProtocol.Esp ? "50/esp" : $"{Port}/{Protocol.ToString().ToLowerInvariant()}";
}
