using System.Globalization;
using SwarmOps.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>The syntax of published ports: <c>published:target/protocol</c>, or only the target.</summary>
internal static class PortSyntax
{
    private static readonly string[] Protocols = ["tcp", "udp", "sctp"];

    /// <summary>Parses a port.</summary>
    /// <param name="text">The text to parse.</param>
    /// <param name="onHost">Whether it is published on each task's host; then a bare port is both the published and the target port.</param>
    /// <exception cref="SwarmOpsException"><c>PublishedPortInvalid</c>, <c>PortOutOfRange</c>, <c>PortProtocolUnknown</c>.</exception>
    public static PublishedPort Parse(string text, bool onHost)
    {
        var slash = text.Split('/');
        var parts = slash[0].Split(':');
        if (slash.Length > 2 || parts.Length > 2)
            throw ServiceErrors.PublishedPortInvalid(text);
        var protocol = slash.Length == 2 ? slash[1].ToLowerInvariant() : "tcp";
        if (!Protocols.Contains(protocol))
            throw ServiceErrors.PortProtocolUnknown(text, protocol);
        var target = Number(text, parts[^1]);
        var published =
            parts.Length == 2 ? Number(text, parts[0])
            : onHost ? target
            : 0;
        return new PublishedPort(target, published, protocol, onHost);
    }

    private static int Number(string text, string part)
    {
        if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw ServiceErrors.PublishedPortInvalid(text);
        return PortNumber.IsValid(number) ? number : throw ServiceErrors.PortOutOfRange(text, number);
    }
}
