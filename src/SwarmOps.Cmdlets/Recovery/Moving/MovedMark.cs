using Docker.DotNet.Models;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Recovery.Moving;

/// <summary>
/// What a member was that gets another address or another machine, in labels of its entry: the entry stays while the node is in no swarm, so any run can go on. The new entry inherits the labels,
/// and loses them when the node is what it was.
/// </summary>
internal static class MovedMark
{
    /// <summary>The address to which the node moves.</summary>
    public const string AddressLabel = "swarmops.moved.address";

    /// <summary>The node that gets another machine.</summary>
    public const string NodeLabel = "swarmops.moved.node";

    /// <summary>The instance that is replaced, and its type.</summary>
    public const string InstanceLabel = "swarmops.moved.instance";

    private const string RoleLabel = "swarmops.moved.role",
        AvailabilityLabel = "swarmops.moved.availability",
        Manager = "manager";

    private static readonly string[] All = [AddressLabel, NodeLabel, InstanceLabel, RoleLabel, AvailabilityLabel];

    /// <summary>Whether a member was a manager before it moved.</summary>
    public static bool WasManager(NodeListResponse member) => Value(member, RoleLabel) == Manager;

    /// <summary>Whether a member's move is not complete.</summary>
    public static bool IsOn(NodeListResponse member) => All.Any(label => Value(member, label) is not null);

    /// <summary>The entry that a node had before it moved; null when there is none.</summary>
    /// <param name="view">The swarm.</param>
    /// <param name="label">By which label the entry is known.</param>
    /// <param name="value">The label's value.</param>
    /// <param name="nodeId">The node's present id, which is another one.</param>
    public static NodeListResponse? Former(SwarmView view, string label, string value, string nodeId = "") =>
        view.Members.FirstOrDefault(member => member.ID != nodeId && Value(member, label) == value);

    /// <summary>A label's value; null when the member does not have it.</summary>
    public static string? Value(NodeListResponse member, string label) =>
        member.Spec?.Labels is { } labels && labels.TryGetValue(label, out var value) ? value : null;

    /// <summary>Writes it, with the role and the availability that the member has.</summary>
    /// <returns>Whether anything was changed.</returns>
    public static bool Set(NodeUpdateParameters spec, params (string Label, string Value)[] labels)
    {
        spec.Labels ??= new Dictionary<string, string>();
        var changed = false;
        // What an earlier run noted counts: it may have changed both since.
        if (!spec.Labels.ContainsKey(AvailabilityLabel))
            changed |= Set(spec, AvailabilityLabel, spec.Availability ?? "active");
        if (spec.Role == Manager)
            changed |= Set(spec, RoleLabel, Manager);
        foreach (var (label, value) in labels)
            changed |= Set(spec, label, value);
        return changed;
    }

    /// <summary>Gives a new entry what the former one was.</summary>
    /// <returns>Whether anything was changed.</returns>
    public static bool Inherit(NodeListResponse former, NodeUpdateParameters spec)
    {
        var availability = Value(former, AvailabilityLabel) ?? former.Spec?.Availability ?? "active";
        var changed = spec.Availability != availability;
        spec.Availability = availability;
        spec.Labels ??= new Dictionary<string, string>();
        // A label that the node set says otherwise, such as its region, stays as it is.
        foreach (var (key, value) in former.Spec?.Labels ?? new Dictionary<string, string>())
            changed |= spec.Labels.TryAdd(key, value);
        return changed;
    }

    /// <summary>Removes it.</summary>
    /// <returns>Whether anything was changed.</returns>
    public static bool RemoveFrom(NodeUpdateParameters spec)
    {
        var changed = false;
        foreach (var label in All)
            changed |= spec.Labels?.Remove(label) is true;
        return changed;
    }

    private static bool Set(NodeUpdateParameters spec, string label, string value)
    {
        if (spec.Labels.TryGetValue(label, out var present) && present == value)
            return false;
        spec.Labels[label] = value;
        return true;
    }
}
