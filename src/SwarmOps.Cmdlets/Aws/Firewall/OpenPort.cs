using System.Globalization;
using SwarmOps.Nodes;

namespace SwarmOps.Aws.Firewall;

/// <summary>A port that is open to the internet, as users and tags write it: <c>443</c>, or <c>53/udp</c>.</summary>
/// <param name="Number">The port.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
internal readonly record struct OpenPort(int Number, string Protocol)
{
    public const string Tcp = "tcp",
        Udp = "udp";

    private const int Ssh = 22;

    /// <summary>Whether the port is for the nodes of the swarm only, or has a parameter of its own.</summary>
    public bool IsReserved =>
        Protocol == Tcp ? Number is Ssh or SwarmPorts.Control or SwarmPorts.Gossip : Number is SwarmPorts.Gossip or SwarmPorts.DataPath;

    /// <summary>A TCP port.</summary>
    public static implicit operator OpenPort(int number) => new(number, Tcp);

    /// <summary>Parses a port; null when the text is not one.</summary>
    public static OpenPort? TryParse(string text)
    {
        var parts = text.Trim().Split('/');
        var protocol = parts.Length == 1 ? Tcp : parts[1];
        return parts.Length <= 2 && protocol is (Tcp or Udp) && PortNumber.TryParse(parts[0]) is { } number
            ? new OpenPort(number, protocol)
            : null;
    }

    /// <summary>With its protocol, such as <c>443/tcp</c>.</summary>
    public string ToRuleText() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Protocol}");

    /// <summary>As the tags of earlier versions have it: the protocol only where it is not TCP.</summary>
    public override string ToString() => Protocol == Tcp ? Number.ToString(CultureInfo.InvariantCulture) : ToRuleText();
}
