using System.Text.Json;
using System.Text.Json.Serialization;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>What a maintenance is: the content of its journal, which does not change.</summary>
/// <param name="Action">What is done on each node.</param>
/// <param name="Script">The script of the action Script.</param>
/// <param name="StartedAt">When it was begun.</param>
/// <param name="EngineVersion">The release of the action Engine.</param>
internal sealed record MaintenanceDefinition(
    SwarmMaintenanceAction Action,
    string? Script,
    DateTime StartedAt,
    string? EngineVersion = null
)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Whether another one does the same.</summary>
    public bool IsLike(MaintenanceDefinition other) =>
        Action == other.Action && Script == other.Script && EngineVersion == other.EngineVersion;

    /// <summary>As text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>From text; null when it is none.</summary>
    public static MaintenanceDefinition? FromJson(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize<MaintenanceDefinition>(text, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
