using System.Globalization;

namespace SwarmOps.Overlay;

/// <summary>Differences between an overlay network and the requested one.</summary>
internal static class OverlayDifferences
{
    /// <summary>
    /// The differences, each as <c>property: wanted x, is y</c>. Values that the request leaves to the engine (subnet, gateway, MTU, other labels) are ignored.
    /// </summary>
    public static IReadOnlyList<string> List(OverlayPlan plan, OverlayNetwork network)
    {
        var request = plan.Request;
        var differences = new List<string>();
        Compare("encrypted", Text(request.Encrypted), Text(network.Encrypted));
        Compare("attachable", Text(request.Attachable), Text(network.Response.Attachable));
        Compare("internal", Text(request.Internal), Text(network.Response.Internal));
        if (plan.Subnets.Count > 0)
            Compare("subnet", Sorted(plan.Subnets.Select(part => part.Subnet.ToString())), Sorted(network.Subnets));
        foreach (
            var gateway in plan
                .Subnets.Select(part => part.Gateway?.ToString())
                .OfType<string>()
                .Where(gateway => !network.Gateways.Contains(gateway))
        )
            Compare("gateway", gateway, Sorted(network.Gateways));
        if (request.Mtu is { } mtu)
            Compare(
                "mtu",
                mtu.ToString(CultureInfo.InvariantCulture),
                network.Mtu?.ToString(CultureInfo.InvariantCulture) ?? "the engine's default"
            );
        foreach (var (key, value) in request.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
            Compare($"label {key}", $"'{value}'", network.Labels.TryGetValue(key, out var present) ? $"'{present}'" : "absent");
        return differences;

        void Compare(string property, string wanted, string present)
        {
            if (wanted != present)
                differences.Add($"{property}: wanted {wanted}, is {present}");
        }
    }

    private static string Text(bool value) => value ? "true" : "false";

    private static string Sorted(IEnumerable<string> values) => string.Join(", ", values.Order(StringComparer.Ordinal));
}
