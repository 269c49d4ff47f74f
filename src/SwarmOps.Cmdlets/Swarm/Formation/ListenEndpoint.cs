using System.Net;
using SwarmOps.Nodes;

namespace SwarmOps.Swarm.Formation;

/// <summary>Parses the addresses at which an engine listens: an IPv4 or IPv6 address, with or without a port.</summary>
internal static class ListenEndpoint
{
    /// <summary>Whether a text is an address, or an address with a port other than 0.</summary>
    public static bool IsValid(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) && (endpoint.Port != 0 || IPAddress.TryParse(text, out _));

    /// <summary>Parses an address, with the control port where it has none; null when the text is not an address: the engine also accepts the name of an interface.</summary>
    public static IPEndPoint? TryParse(string text)
    {
        if (!IPEndPoint.TryParse(text, out var endpoint))
            return null;
        return endpoint.Port == 0 ? new IPEndPoint(endpoint.Address, SwarmPorts.Control) : endpoint;
    }
}
