using System.Text.Json.Nodes;

namespace SwarmOps.Services.Stored;

/// <summary>References to secrets and configs in a service's document.</summary>
internal static class StoredReferences
{
    /// <summary>Whether a document refers to an item.</summary>
    public static bool Uses(JsonObject spec, StoredItem item) =>
        Of(spec, item.Kind).Any(reference => (string?)reference[IdOf(item.Kind)] == item.Id);

    /// <summary>A copy of a document with some references replaced; target, owner and mode are kept.</summary>
    /// <param name="spec">The document.</param>
    /// <param name="kind">Secret or config.</param>
    /// <param name="replacement">Returns the id and object name that replace a reference; null keeps it.</param>
    public static JsonObject Replace(JsonObject spec, StoredKind kind, Func<JsonNode, (string Id, string ObjectName)?> replacement)
    {
        var copy = spec.DeepClone().AsObject();
        foreach (var reference in Of(copy, kind))
        {
            if (replacement(reference) is not { } other)
                continue;
            reference[IdOf(kind)] = other.Id;
            reference[NameOf(kind)] = other.ObjectName;
        }

        return copy;
    }

    /// <summary>A copy of a document that refers to one version in place of others.</summary>
    public static JsonObject Replace(JsonObject spec, IReadOnlyList<StoredItem> others, StoredItem target) =>
        Replace(
            spec,
            target.Kind,
            reference => others.Any(item => item.Id == (string?)reference[IdOf(target.Kind)]) ? (target.Id, target.ObjectName) : null
        );

    /// <summary>A copy of a document in which references to one version are restored from an earlier document.</summary>
    public static JsonObject Restore(JsonObject spec, StoredItem target, JsonObject earlier)
    {
        var had = Of(earlier, target.Kind).ToList();
        return Replace(
            spec,
            target.Kind,
            reference =>
                (string?)reference[IdOf(target.Kind)] == target.Id
                && had.Find(one => JsonNode.DeepEquals(one["File"], reference["File"])) is { } before
                    ? ((string?)before[IdOf(target.Kind)] ?? "", (string?)before[NameOf(target.Kind)] ?? "")
                    : null
        );
    }

    private static IEnumerable<JsonNode> Of(JsonObject spec, StoredKind kind) =>
        (spec["TaskTemplate"]?["ContainerSpec"]?[kind.IsSecret ? "Secrets" : "Configs"] as JsonArray ?? []).OfType<JsonNode>();

    private static string IdOf(StoredKind kind) => kind.IsSecret ? "SecretID" : "ConfigID";

    private static string NameOf(StoredKind kind) => kind.IsSecret ? "SecretName" : "ConfigName";
}
