using Docker.DotNet.Models;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>Which members a service's placement constraints permit (swarmkit, <c>constraint.NodeMatches</c>).</summary>
internal static class PlacementRule
{
    private const string NodeLabel = "node.labels.",
        EngineLabel = "engine.labels.";

    /// <summary>Whether a member meets all constraints. One that is not understood counts as met: the scheduler decides.</summary>
    public static bool Permits(IEnumerable<string> constraints, NodeListResponse member) =>
        constraints.All(constraint => Meets(constraint, member));

    private static bool Meets(string constraint, NodeListResponse member)
    {
        var isEqual = constraint.Contains("==", StringComparison.Ordinal);
        var parts = constraint.Split(isEqual ? "==" : "!=", 2, StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || Value(parts[0], member) is not { } value)
            return true;
        return string.Equals(value, parts[1], StringComparison.OrdinalIgnoreCase) == isEqual;
    }

    /// <summary>What a constraint's key is for a member, empty for a label that it lacks; null when it cannot be told.</summary>
    private static string? Value(string key, NodeListResponse member) =>
        key.StartsWith(NodeLabel, StringComparison.OrdinalIgnoreCase) ? Label(member.Spec?.Labels, key[NodeLabel.Length..])
        : key.StartsWith(EngineLabel, StringComparison.OrdinalIgnoreCase)
            ? Label(member.Description?.Engine?.Labels, key[EngineLabel.Length..])
        : key.ToLowerInvariant() switch
        {
            "node.id" => member.ID,
            "node.hostname" => member.Description?.Hostname,
            "node.role" => member.Spec?.Role,
            "node.platform.os" => member.Description?.Platform?.OS,
            _ => null,
        };

    private static string Label(IDictionary<string, string>? labels, string name) =>
        labels is not null && labels.TryGetValue(name, out var value) ? value : "";
}
