using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>Helpers for the engine's documents.</summary>
internal static class SpecJson
{
    /// <summary>The object under a name, created if it is missing.</summary>
    public static JsonObject Child(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child)
            return child;
        child = [];
        parent[name] = child;
        return child;
    }

    /// <summary>Sets a string if requested.</summary>
    public static void SetIf(this JsonObject parent, string name, string? value)
    {
        if (value is not null)
            parent[name] = value;
    }

    /// <summary>Sets a number if requested.</summary>
    public static void SetIf(this JsonObject parent, string name, long? value)
    {
        if (value is not null)
            parent[name] = value;
    }

    /// <summary>Sets a fraction if requested.</summary>
    public static void SetIf(this JsonObject parent, string name, double? value)
    {
        if (value is not null)
            parent[name] = value;
    }

    /// <summary>Sets a Boolean if requested.</summary>
    public static void SetIf(this JsonObject parent, string name, bool? value)
    {
        if (value is not null)
            parent[name] = value;
    }

    /// <summary>Sets a list if requested.</summary>
    public static void SetIf(this JsonObject parent, string name, IEnumerable<string>? values)
    {
        if (values is not null)
            parent[name] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
    }

    /// <summary>Sets a table if requested; a null value removes an entry.</summary>
    public static void SetTable(this JsonObject parent, string name, IReadOnlyDictionary<string, string?>? values, bool keepsOthers)
    {
        if (values is null)
            return;
        var table = keepsOthers ? parent.Child(name) : [];
        foreach (var (key, value) in values)
        {
            if (value is null)
                table.Remove(key);
            else
                table[key] = value;
        }

        if (!ReferenceEquals(parent[name], table))
            parent[name] = table;
    }

    /// <summary>A duration in the engine's unit.</summary>
    public static long Nanoseconds(this TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;
}
