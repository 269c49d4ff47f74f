using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Reading;

/// <summary>What makes two entries of lists the same, in whichever form they are written.</summary>
internal static class MergeKeys
{
    /// <summary>The path in the container of a volume, a secret or a config.</summary>
    public static string Target(YamlNode node) =>
        node switch
        {
            YamlScalar { Text: var text } => Try(() => VolumeForm.Parse(text).Target) ?? text,
            YamlMapping map when (map["target"] ?? map["source"]) is YamlScalar target => target.Text,
            _ => node.Canonical,
        };

    /// <summary>Address, published port, port and protocol.</summary>
    public static string Port(YamlNode node) =>
        node switch
        {
            YamlScalar { Text: var text } => Try(() =>
                string.Join(',', PortForm.Parse(text).Select(port => Joined(port.Address, port.Published, port.Target, port.Protocol)))
            ) ?? text,
            YamlMapping map => Joined(
                Text(map, "host_ip"),
                Text(map, "published") ?? "0",
                Text(map, "target"),
                Text(map, "protocol") ?? "tcp"
            ),
            _ => node.Canonical,
        };

    /// <summary>An entry of /etc/hosts in one form.</summary>
    public static string Host(string text) => Try(() => Forms.Host(text)) is (string name, string address) ? $"{name}={address}" : text;

    private static string? Text(YamlMapping map, string key) => (map[key] as YamlScalar)?.Text;

    private static string Joined(object? address, object published, object? target, object protocol) =>
        $"{address}:{published}:{target}/{protocol}";

    private static T? Try<T>(Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (StackValueException)
        {
            return default;
        }
    }
}
