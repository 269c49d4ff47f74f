using System.Globalization;
using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>What differs between two documents of a service, in words; values of variables are never among them.</summary>
internal static class SpecDifferences
{
    /// <summary>Lists the differences; empty when the engine would not tell the two apart.</summary>
    public static IReadOnlyList<string> List(JsonObject current, JsonObject wanted)
    {
        var before = Flatten(current);
        var after = Flatten(wanted);
        return [.. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path))
            .Select(path => Describe(path, before.GetValueOrDefault(path), after.GetValueOrDefault(path)))];
    }

    private static string Describe(string path, string? before, string? after)
    {
        var name = path.Replace("TaskTemplate.", "", StringComparison.Ordinal).Replace("ContainerSpec.", "", StringComparison.Ordinal);
        if (name.StartsWith("Env ", StringComparison.Ordinal))
            return $"{name}: {(before is null ? "new" : after is null ? "gone" : "another value")}";
        return (before, after) switch
        {
            (null, _) => $"{name}: {after}",
            (_, null) => $"{name}: gone (was {before})",
            _ => $"{name}: {before} -> {after}",
        };
    }

    /// <summary>Every value by its path. What the engine leaves out (empty, zero, false) is left out, but for the mode, where an empty entry means something.</summary>
    private static Dictionary<string, string> Flatten(JsonObject spec)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in spec)
        {
            if (name == "Mode")
                values["Mode"] = value is JsonObject mode ? string.Join(", ", mode.Select(Words)) : "";
            else
                Flatten(values, name, value);
        }

        return values;
    }

    /// <summary>Such as <c>Replicated (Replicas 5)</c>.</summary>
    private static string Words(KeyValuePair<string, JsonNode?> mode) =>
        mode.Value is JsonObject { Count: > 0 } numbers ? $"{mode.Key} ({string.Join(", ", numbers.Select(number => $"{number.Key} {Text(number.Value)}"))})" : mode.Key;

    private static void Flatten(Dictionary<string, string> values, string path, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject table:
                foreach (var (name, value) in table)
                    Flatten(values, $"{path}.{name}", value);
                break;
            case JsonArray list when path.EndsWith(".Env", StringComparison.Ordinal):
                foreach (var entry in list.Select(entry => (string?)entry ?? ""))
                    values[$"{path} {entry.Split('=')[0]}"] = entry;
                break;
            case JsonArray list:
                // The order of what is listed means something for arguments only; the engine keeps it everywhere but in maps.
                if (list.Count > 0)
                    values[path] = list.Count == 1 ? Text(list[0]) : $"[{string.Join(", ", list.Select(Text))}]";
                break;
            case JsonValue value when Text(value) is var text && text is not ("" or "0" or "false"):
                values[path] = text;
                break;
        }
    }

    private static string Text(JsonNode? node) => node switch
    {
        JsonObject table => "{" + string.Join(", ", table.Select(entry => (entry.Key, Value: Text(entry.Value))).Where(entry => entry.Value is not ("" or "0" or "false" or "{}"))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key} {entry.Value}")) + "}",
        JsonArray list => $"[{string.Join(", ", list.Select(Text))}]",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value when value.TryGetValue<double>(out var number) => number.ToString("R", CultureInfo.InvariantCulture),
        _ => node?.ToJsonString() ?? "",
    };
}
