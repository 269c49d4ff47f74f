using System.Globalization;
using Docker.DotNet.Models;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>How a node was before it was suspended. The node's own labels hold it, so that any machine can bring the node back.</summary>
/// <param name="Availability">Its availability.</param>
/// <param name="Edges">The edge services that were in DNS with this node.</param>
/// <param name="Since">When it was suspended, by the clock of the machine that did it.</param>
internal sealed record SuspendMark(SwarmNodeAvailability Availability, IReadOnlyList<string> Edges, DateTime Since)
{
    /// <summary>The labels.</summary>
    public const string AvailabilityLabel = "swarmops.suspended.availability",
        EdgesLabel = "swarmops.suspended.edges",
        SinceLabel = "swarmops.suspended.since",
        RoleLabel = "swarmops.suspended.role";

    private const string Manager = "manager";

    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ssZ";

    /// <summary>Whether it was demoted while it was suspended, and becomes a manager again.</summary>
    public bool WasManager { get; init; }

    /// <summary>A member's mark; null when it is not suspended.</summary>
    public static SuspendMark? Of(NodeListResponse member)
    {
        if (member.Spec?.Labels is not { } labels || !labels.TryGetValue(AvailabilityLabel, out var word))
            return null;
        var availability = Enum.TryParse<SwarmNodeAvailability>(word, ignoreCase: true, out var known)
            ? known
            : SwarmNodeAvailability.Active;
        string[] edges = labels.TryGetValue(EdgesLabel, out var names)
            ? names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [];
        var since =
            labels.TryGetValue(SinceLabel, out var text)
            && DateTime.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
                out var time
            )
                ? time
                : default;
        return new SuspendMark(availability, edges, since) { WasManager = labels.TryGetValue(RoleLabel, out var role) && role == Manager };
    }

    /// <summary>A member's availability.</summary>
    public static SwarmNodeAvailability AvailabilityOf(NodeListResponse member) =>
        Enum.TryParse<SwarmNodeAvailability>(member.Spec?.Availability, ignoreCase: true, out var known)
            ? known
            : SwarmNodeAvailability.Active;

    /// <summary>Writes the labels.</summary>
    /// <returns>Whether anything was changed.</returns>
    public bool ApplyTo(NodeUpdateParameters spec)
    {
        spec.Labels ??= new Dictionary<string, string>();
        return Set(spec, AvailabilityLabel, Word(Availability))
            | Set(spec, EdgesLabel, string.Join(',', Edges))
            | Set(spec, SinceLabel, Since.ToString(TimeFormat, CultureInfo.InvariantCulture));
    }

    /// <summary>Notes that a suspended node becomes a manager again.</summary>
    /// <returns>Whether anything was changed.</returns>
    public static bool NoteManager(NodeUpdateParameters spec)
    {
        spec.Labels ??= new Dictionary<string, string>();
        return Set(spec, RoleLabel, Manager);
    }

    /// <summary>Removes the labels.</summary>
    /// <returns>Whether anything was changed.</returns>
    public static bool RemoveFrom(NodeUpdateParameters spec) =>
        spec.Labels is { } labels
        && (labels.Remove(AvailabilityLabel) | labels.Remove(EdgesLabel) | labels.Remove(SinceLabel) | labels.Remove(RoleLabel));

    /// <summary>Sets the availability.</summary>
    /// <returns>Whether anything was changed.</returns>
    public static bool SetAvailability(NodeUpdateParameters spec, SwarmNodeAvailability availability)
    {
        if (spec.Availability == Word(availability))
            return false;
        spec.Availability = Word(availability);
        return true;
    }

    private static bool Set(NodeUpdateParameters spec, string label, string value)
    {
        if (spec.Labels.TryGetValue(label, out var present) && present == value)
            return false;
        spec.Labels[label] = value;
        return true;
    }

    private static string Word(SwarmNodeAvailability availability) => availability.ToString().ToLowerInvariant();
}
