using System.Net;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Firewall;

/// <summary>Validates -AllowSshFrom and -PublishPort before anything is changed.</summary>
internal static class FirewallInput
{
    /// <summary>Maximum length of a tag's value, from EC2's documentation.</summary>
    private const int LongestTag = 256;

    /// <summary>Networks in EC2's form: a single address becomes a /32 or /128. The whole internet causes a warning.</summary>
    /// <exception cref="SwarmOpsException"><c>AllowSshFromInvalid</c>, <c>AllowSshFromTooLong</c>.</exception>
    public static IReadOnlyList<string> Networks(IOperationContext context, IEnumerable<string> given)
    {
        var networks = given.Select(Network).Distinct().ToList();
        if (networks.FirstOrDefault(network => network.PrefixLength == 0) is { PrefixLength: 0 } world && networks.Contains(world))
            context.WriteWarning(
                $"SSH is open to the whole internet ({world}). Specify the networks that you connect from, such as -AllowSshFrom 203.0.113.7/32."
            );
        List<string> texts = [.. networks.Select(network => network.ToString())];
        return string.Join(' ', texts).Length <= LongestTag ? texts : throw FirewallErrors.AllowSshFromTooLong(LongestTag);
    }

    /// <summary>Checks that no port is reserved for traffic between nodes.</summary>
    /// <exception cref="SwarmOpsException"><c>PublishPortInvalid</c>, <c>PublishPortReserved</c>.</exception>
    public static IReadOnlyList<OpenPort> Ports(IEnumerable<string> given)
    {
        var ports = given.Select(text => OpenPort.TryParse(text) ?? throw FirewallErrors.PublishPortInvalid(text)).Distinct().ToList();
        return ports.FirstOrDefault(port => port.IsReserved) is { IsReserved: true } reserved
            ? throw FirewallErrors.PublishPortReserved(reserved)
            : ports;
    }

    private static IPNetwork Network(string text) => SourceNetwork.TryParse(text.Trim()) ?? throw FirewallErrors.AllowSshFromInvalid(text);
}
