using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>What the engine keeps of one field of a document; null when it keeps nothing, and cannot tell the value from a missing one.</summary>
internal abstract record KeptField
{
    /// <summary>The value as the engine keeps it: one form for all that it cannot tell apart.</summary>
    public abstract JsonNode? Keep(JsonNode? value);

    /// <summary>A value in one form, whatever .NET type wrote it; tables sorted by name.</summary>
    public static JsonNode? Uniform(JsonNode? value) => value switch
    {
        JsonObject table => new JsonObject(table.Where(entry => entry.Value is not null).OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => KeyValuePair.Create(entry.Key, Uniform(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Uniform)]),
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.Number => Number(scalar),
        _ => value?.DeepClone(),
    };

    private static JsonValue Number(JsonValue scalar)
    {
        var text = scalar.ToJsonString();
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && decimal.Truncate(number) == number
            ? JsonValue.Create(decimal.Truncate(number))
            : JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture));
    }
}

/// <summary>A plain value of Go, which has no "missing": the empty text, 0 and false are the same as none.</summary>
internal sealed record PlainField : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null or JsonValueKind.False => null,
        JsonValueKind.String when value.GetValue<string>().Length == 0 => null,
        JsonValueKind.Number when Uniform(value)!.ToJsonString() is "0" => null,
        _ => Uniform(value),
    };
}

/// <summary>A value that may be missing, which is another thing than 0 or false.</summary>
internal sealed record PointerField : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) => Uniform(value);
}

/// <summary>A value for which the engine puts a default in place when it is missing.</summary>
/// <param name="Default">The default.</param>
internal sealed record DefaultedField(JsonValue Default) : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) => Uniform(value) ?? Default.DeepClone();
}

/// <summary>One word of a fixed list, in any case; an empty one is the default.</summary>
/// <param name="Default">The default.</param>
internal sealed record WordField(string Default) : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) => (string?)value is { Length: > 0 } word ? word.ToLowerInvariant() : Default;
}

/// <summary>A number of single precision.</summary>
internal sealed record SingleField : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) =>
        value is null || float.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) is var number && number == 0 ? null : JsonValue.Create(number);
}

/// <summary>Texts in their order; none is the same as an empty list.</summary>
internal sealed record TextsField : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) =>
        value is JsonArray { Count: > 0 } list ? new JsonArray([.. list.Select(text => (JsonNode)((string?)text ?? ""))]) : null;
}

/// <summary>Texts by name, every one of which counts, the empty one too; none is the same as an empty table.</summary>
internal sealed record TableField : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) => value is JsonObject { Count: > 0 } table
        ? new JsonObject(table.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, (string?)entry.Value ?? "")))
        : null;
}

/// <summary>Parts in their order; none is the same as an empty list.</summary>
/// <param name="Item">What one of them is.</param>
internal sealed record ItemsField(KeptField Item) : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) => value is JsonArray { Count: > 0 } list ? new JsonArray([.. list.Select(Item.Keep)]) : null;
}

/// <summary>A part with fields of its own. A missing one is another thing than one in which nothing is set.</summary>
/// <param name="Fields">Its fields. One that is not among them, of an engine newer than this module, counts as it is.</param>
internal sealed record PartField(IReadOnlyDictionary<string, KeptField> Fields) : KeptField
{
    private static readonly PointerField Unknown = new();

    /// <summary>What the engine makes of the whole; null: as it is.</summary>
    public Func<JsonObject, JsonObject?>? Finish { get; init; }

    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value)
    {
        if (value is not JsonObject part)
            return null;
        var kept = new JsonObject();
        foreach (var name in Fields.Keys.Union(part.Select(entry => entry.Key)).Order(StringComparer.Ordinal))
        {
            if (Fields.GetValueOrDefault(name, Unknown).Keep(part[name]) is { } field)
                kept[name] = field;
        }

        return Finish is { } finish ? finish(kept) : kept;
    }
}
