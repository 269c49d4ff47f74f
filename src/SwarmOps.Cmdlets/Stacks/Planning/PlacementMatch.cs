using Docker.DotNet.Models;

namespace SwarmOps.Stacks.Planning;

/// <summary>Which members of a swarm meet the constraints of a service (swarmkit, manager/constraint). What cannot be judged here counts as met.</summary>
internal static class PlacementMatch
{
    private const string NodeLabels = "node.labels.";
    private const string EngineLabels = "engine.labels.";

    /// <summary>Whether a member takes new tasks.</summary>
    public static bool TakesTasks(NodeListResponse member) =>
        string.Equals(member.Status?.State, "ready", StringComparison.OrdinalIgnoreCase)
        && string.Equals(member.Spec?.Availability, "active", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a member meets all constraints.</summary>
    public static bool Meets(NodeListResponse member, IEnumerable<string> constraints) =>
        constraints.All(constraint => Meets(member, constraint));

    private static bool Meets(NodeListResponse member, string constraint)
    {
        var isEqual = constraint.Contains("==", StringComparison.Ordinal);
        if (constraint.Split(isEqual ? "==" : "!=", 2, StringSplitOptions.TrimEntries) is not [var key, var wanted])
            return true;
        if (Value(member, key) is not { } value)
            return true;
        return Same(key, value, wanted) == isEqual;
    }

    /// <summary>The member's value; null if it is not known here.</summary>
    private static string? Value(NodeListResponse member, string key)
    {
        if (key.StartsWith(NodeLabels, StringComparison.OrdinalIgnoreCase))
            return member.Spec?.Labels?.TryGetValue(key[NodeLabels.Length..], out var label) is true ? label : "";
        if (key.StartsWith(EngineLabels, StringComparison.OrdinalIgnoreCase))
            return member.Description?.Engine?.Labels?.TryGetValue(key[EngineLabels.Length..], out var label) is true ? label : "";
        return key.ToLowerInvariant() switch
        {
            "node.id" => member.ID,
            "node.hostname" => member.Description?.Hostname,
            "node.role" => member.Spec?.Role,
            "node.platform.os" => member.Description?.Platform?.OS,
            "node.platform.arch" => member.Description?.Platform?.Architecture,
            _ => null,
        };
    }

    private static bool Same(string key, string value, string wanted) =>
        string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase)
        || (
            key.Equals("node.platform.arch", StringComparison.OrdinalIgnoreCase)
            && string.Equals(Architecture(value), Architecture(wanted), StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Engines and images name the same architectures differently.</summary>
    private static string Architecture(string name) =>
        name.ToLowerInvariant() switch
        {
            "amd64" => "x86_64",
            "arm64" => "aarch64",
            var other => other,
        };
}
