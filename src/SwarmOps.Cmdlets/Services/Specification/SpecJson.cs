using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>Small steps in the engine's documents.</summary>
internal static class SpecJson
{
    /// <summary>The object under a name, made when it is missing.</summary>
    public static JsonObject Child(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child)
            return child;
        child = [];
        parent[name] = child;
        return child;
    }

    /// <summary>Sets a text that is asked for.</summary>
    public static void SetIf(this JsonObject parent, string name, string? value)
    {
        if (value is not null)
            parent[name] = value;
    }

    /// <summary>Sets a number that is asked for.</summary>
    public static void SetIf(this JsonObject parent, string name, long? value)
    {
        if (value is not null)
            parent[name] = value;
    }

    /// <summary>Sets a fraction that is asked for.</summary>
    public static void SetIf(this JsonObject parent, string name, double? value)
    {
        if (value is not null)
            parent[name] = value;
    }

    /// <summary>Sets a switch that is asked for.</summary>
    public static void SetIf(this JsonObject parent, string name, bool? value)
    {
        if (value is not null)
            parent[name] = value;
    }

    /// <summary>Sets a list that is asked for.</summary>
    public static void SetIf(this JsonObject parent, string name, IEnumerable<string>? values)
    {
        if (values is not null)
            parent[name] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
    }

    /// <summary>Sets a table that is asked for; a null value takes an entry away.</summary>
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

    /// <summary>The engine's measure of time.</summary>
    public static long Nanoseconds(this TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;
}
