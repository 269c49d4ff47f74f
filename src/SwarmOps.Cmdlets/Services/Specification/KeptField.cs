using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>How the engine stores one field of a document; null if it stores nothing, so that the value is equivalent to a missing one.</summary>
internal abstract record KeptField
{
    /// <summary>The value as the engine stores it: one canonical form for all equivalent values.</summary>
    public abstract JsonNode? Keep(JsonNode? value);

    /// <summary>A value in canonical form, independent of its .NET type; tables sorted by name.</summary>
    public static JsonNode? Uniform(JsonNode? value) =>
        value switch
        {
            JsonObject table => new JsonObject(
                table
                    .Where(entry => entry.Value is not null)
                    .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => KeyValuePair.Create(entry.Key, Uniform(entry.Value)))
            ),
            JsonArray list => new JsonArray([.. list.Select(Uniform)]),
            JsonValue scalar when scalar.GetValueKind() == JsonValueKind.Number => Number(scalar),
            _ => value?.DeepClone(),
        };

    private static JsonValue Number(JsonValue scalar)
    {
        var text = scalar.ToJsonString();
        return
            decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && decimal.Truncate(number) == number
            ? JsonValue.Create(decimal.Truncate(number))
            : JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture));
    }
}

/// <summary>A plain Go value, which cannot be missing: the empty string, 0 and false are equivalent to none.</summary>
internal sealed record PlainField : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) =>
        value?.GetValueKind() switch
        {
            null or JsonValueKind.Null or JsonValueKind.False => null,
            JsonValueKind.String when value.GetValue<string>().Length == 0 => null,
            JsonValueKind.Number when Uniform(value)!.ToJsonString() is "0" => null,
            _ => Uniform(value),
        };
}

/// <summary>A Go pointer: a missing value is not equivalent to 0 or false.</summary>
internal sealed record PointerField : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) => Uniform(value);
}

/// <summary>A value that the engine replaces with a default if it is missing.</summary>
/// <param name="Default">The default.</param>
internal sealed record DefaultedField(JsonValue Default) : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) => Uniform(value) ?? Default.DeepClone();
}

/// <summary>A word of a fixed list, case-insensitive; an empty one is the default.</summary>
/// <param name="Default">The default.</param>
internal sealed record WordField(string Default) : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) => (string?)value is { Length: > 0 } word ? word.ToLowerInvariant() : Default;
}

/// <summary>A single-precision number.</summary>
internal sealed record SingleField : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) =>
        value is null || float.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) is var number && number == 0
            ? null
            : JsonValue.Create(number);
}

/// <summary>An ordered list of strings; a missing one is equivalent to an empty one.</summary>
internal sealed record TextsField : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) =>
        value is JsonArray { Count: > 0 } list ? new JsonArray([.. list.Select(text => (JsonNode)((string?)text ?? ""))]) : null;
}

/// <summary>A table of strings, including empty ones; a missing table is equivalent to an empty one.</summary>
internal sealed record TableField : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) =>
        value is JsonObject { Count: > 0 } table
            ? new JsonObject(
                table
                    .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, (string?)entry.Value ?? ""))
            )
            : null;
}

/// <summary>An ordered list of objects; a missing one is equivalent to an empty one.</summary>
/// <param name="Item">The kind of one item.</param>
internal sealed record ItemsField(KeptField Item) : KeptField
{
    /// <inheritdoc/>
    public override JsonNode? Keep(JsonNode? value) =>
        value is JsonArray { Count: > 0 } list ? new JsonArray([.. list.Select(Item.Keep)]) : null;
}

/// <summary>An object with its own fields. A missing object is not equivalent to one without values.</summary>
/// <param name="Fields">Its fields. Unknown fields, of an engine newer than this module, are compared as they are.</param>
internal sealed record PartField(IReadOnlyDictionary<string, KeptField> Fields) : KeptField
{
    private static readonly PointerField Unknown = new();

    /// <summary>How the engine transforms the whole object; null if it does not.</summary>
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
