using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>Describes what differs between two documents of a service; values that may be secret (<see cref="SpecSecrets"/>) are never shown.</summary>
internal static class SpecDifferences
{
    private const string Variables = "TaskTemplate.ContainerSpec.Env";

    /// <summary>Lists the differences; empty if the documents are equivalent for the engine.</summary>
    public static IReadOnlyList<string> List(JsonObject current, JsonObject wanted)
    {
        var differences = new List<string>();
        Compare(differences, "", KeptSpec.Of(current), KeptSpec.Of(wanted));
        return differences;
    }

    private static void Compare(List<string> differences, string path, JsonNode? before, JsonNode? after)
    {
        // Both are in canonical form, sorted by name, so equal text means equal values.
        if (before?.ToJsonString() == after?.ToJsonString())
            return;
        if (path == Variables)
            CompareVariables(differences, before as JsonArray ?? [], after as JsonArray ?? []);
        else if (
            path != "Mode"
            && (before ?? after) is JsonObject
            && (before ?? new JsonObject()) is JsonObject old
            && (after ?? new JsonObject()) is JsonObject now
            && old.Count + now.Count > 0
        )
            CompareParts(differences, path, old, now);
        else
            differences.Add(Describe(path, before, after));
    }

    private static void CompareParts(List<string> differences, string path, JsonObject before, JsonObject after)
    {
        foreach (var name in before.Select(entry => entry.Key).Union(after.Select(entry => entry.Key)).Order(StringComparer.Ordinal))
            Compare(differences, path.Length == 0 ? name : $"{path}.{name}", before[name], after[name]);
    }

    private static void CompareVariables(List<string> differences, JsonArray before, JsonArray after)
    {
        var old = ByName(before);
        var now = ByName(after);
        var changed = old
            .Keys.Union(now.Keys)
            .Order(StringComparer.Ordinal)
            .Where(name => !old.GetValueOrDefault(name, []).SequenceEqual(now.GetValueOrDefault(name, [])))
            .Select(name => $"Env {name}: {(!old.ContainsKey(name) ? "new" : !now.ContainsKey(name) ? "removed" : "changed")}")
            .ToList();
        differences.AddRange(changed.Count > 0 ? changed : ["Env: order changed"]);
    }

    /// <summary>All entries of each name: one may be listed more than once.</summary>
    private static Dictionary<string, List<string>> ByName(JsonArray variables) =>
        variables
            .Select(entry => (string)entry!)
            .GroupBy(entry => entry.Split('=')[0])
            .ToDictionary(group => group.Key, group => group.ToList());

    private static string Describe(string path, JsonNode? before, JsonNode? after)
    {
        var name = SpecSecrets.Short(path);
        var (old, now) = path == "Mode" ? (Mode(before), Mode(after)) : (Text(before), Text(after));
        if (SpecSecrets.IsSecret(path, old) || SpecSecrets.IsSecret(path, now))
            return $"{name}: {(before is null ? "new" : after is null ? "removed" : "changed")}";
        return (before, after) switch
        {
            (null, _) => $"{name}: {now}",
            (_, null) => $"{name}: removed (was {old})",
            _ => $"{name}: {old} -> {now}",
        };
    }

    /// <summary>Such as <c>Replicated (Replicas 5)</c>.</summary>
    private static string Mode(JsonNode? mode) =>
        string.Join(
            ", ",
            (mode as JsonObject ?? []).Select(entry =>
                entry.Value is JsonObject { Count: > 0 } numbers
                    ? $"{entry.Key} ({string.Join(", ", numbers.Select(number => $"{number.Key} {Text(number.Value)}"))})"
                    : entry.Key
            )
        );

    private static string Text(JsonNode? node) =>
        node switch
        {
            JsonObject table => "{" + string.Join(", ", table.Select(entry => $"{entry.Key} {Text(entry.Value)}")) + "}",
            JsonArray { Count: 1 } list => Text(list[0]),
            JsonArray list => $"[{string.Join(", ", list.Select(Member))}]",
            JsonValue value when value.TryGetValue<string>(out var text) => text.Length == 0 ? "''" : text,
            _ => node?.ToJsonString() ?? "",
        };

    /// <summary>One item of a list, in quotes if it would look like several.</summary>
    private static string Member(JsonNode? node) =>
        Text(node) is var text && node is JsonValue && text.AsSpan().ContainsAny(",[] ") ? $"'{text}'" : text;
}
