using System.Globalization;
using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Building;

/// <summary>The published ports of a service.</summary>
internal static class PortBuilder
{
    private const int MostPorts = 10_000;
    private const string Why = "It publishes on all addresses of a host, so this address would not limit access.";
    private const string Remedy = "Remove the address, and limit access with the host's firewall.";

    /// <summary>The ports, each with where it is written.</summary>
    public static IReadOnlyList<(PublishedPort Port, SourcePosition At)> Build(Fields service, string path, BuildContext context)
    {
        var ports = new List<(PublishedPort Port, SourcePosition At)>();
        var taken = new Dictionary<(int, string), SourcePosition>();
        foreach (var item in service.Items("ports"))
        {
            foreach (var port in item is YamlScalar scalar ? Short(scalar, path, context) : Long((YamlMapping)item, path, context))
            {
                if (port.Published == 0 || taken.TryAdd((port.Published, port.Protocol), item.At))
                    ports.Add((port, item.At));
                else
                    context.Problems.Add(
                        item.At,
                        $"{path}.ports publishes {port.Published}/{port.Protocol} twice; the first is on line {taken[(port.Published, port.Protocol)].Line}.",
                        "Publish another port, or remove one of the entries."
                    );
            }

            if (ports.Count > MostPorts)
            {
                context.Problems.Add(
                    item.At,
                    $"{path} publishes more than {MostPorts} ports.",
                    "Attach the service to the network 'host', or publish fewer ports."
                );
                break;
            }
        }

        return ports;
    }

    private static IEnumerable<PublishedPort> Short(YamlScalar scalar, string path, BuildContext context)
    {
        var parsed = PortForm.Parse(scalar.Text);
        if (parsed.FirstOrDefault(port => port.Address is not (null or "0.0.0.0" or "::")) is { Address: { } address })
            context.Refuse(scalar.At, $"The address {address} of {path}.ports", Why, Remedy);
        return parsed.Select(port => new PublishedPort(port.Target, port.Published, port.Protocol, OnHost: false));
    }

    private static IEnumerable<PublishedPort> Long(YamlMapping map, string path, BuildContext context)
    {
        var fields = new Fields(map);
        if (!fields.Has("target"))
            context.Problems.Add(map.At, $"{path}.ports has an entry without a target.", "Add 'target: ' with the port of the container.");
        if (fields.Scalar("target") is not { } target)
            return [];
        return
        [
            new PublishedPort(
                PortForm.Single(target.Text),
                fields.Parsed("published", PortForm.Published) ?? 0,
                fields.Text("protocol")?.ToLower(CultureInfo.InvariantCulture) ?? "tcp",
                fields.Text("mode") == "host"
            ),
        ];
    }
}
