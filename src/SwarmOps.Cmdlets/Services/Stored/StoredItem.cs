using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SwarmOps.Services.Stored;

/// <summary>A secret or config as the engine describes it.</summary>
/// <param name="kind">Secret or config.</param>
/// <param name="json">The engine's document.</param>
internal sealed class StoredItem(StoredKind kind, JsonNode json)
{
    /// <summary>The label with the name that all versions share.</summary>
    public const string NameLabel = "swarmops.name";

    /// <summary>The label with the version number.</summary>
    public const string VersionLabel = "swarmops.version";

    /// <summary>The label of a version whose value a rotation generated.</summary>
    public const string MadeLabel = "swarmops.generated";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public StoredKind Kind => kind;

    /// <summary>The engine's id.</summary>
    public string Id { get; } = (string?)json["ID"] ?? "";

    /// <summary>The object name in the engine.</summary>
    public string ObjectName { get; } = (string?)json["Spec"]?["Name"] ?? "";

    /// <summary>All labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; } =
        new SortedDictionary<string, string>(
            (json["Spec"]?["Labels"] as JsonObject ?? []).ToDictionary(label => label.Key, label => (string?)label.Value ?? ""),
            StringComparer.Ordinal
        );

    /// <summary>The name that all versions share; for an object created by other tools its object name.</summary>
    public string Name => Labels.TryGetValue(NameLabel, out var name) && name.Length > 0 ? name : ObjectName;

    /// <summary>The version number.</summary>
    public int Version =>
        Labels.TryGetValue(VersionLabel, out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : 1;

    /// <summary>A config's content; empty for a secret.</summary>
    public byte[] Data { get; } = Convert.FromBase64String((string?)json["Spec"]?["Data"] ?? "");

    /// <summary>The driver that fills in its template; null if it is no template.</summary>
    public string? TemplateDriver { get; } = (string?)json["Spec"]?["Templating"]?["Name"];

    /// <summary>When it was created, UTC, by the clock of the manager.</summary>
    public DateTime CreatedAt => Time("CreatedAt");

    private DateTime UpdatedAt => Time("UpdatedAt");

    /// <summary>The object name of a version: the first has the bare name, so that other tools find it.</summary>
    public static string ObjectNameOf(string name, int version) =>
        version == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-v{version}");

    /// <summary>The object that the user gets.</summary>
    public object Describe(string swarmId, IReadOnlyList<string> services, IReadOnlyList<SwarmNode> nodes) =>
        kind.IsSecret
            ? new SwarmSecret
            {
                Name = Name,
                Version = Version,
                ObjectName = ObjectName,
                Id = Id,
                SwarmId = swarmId,
                Labels = Labels,
                Services = services,
                CreatedAt = CreatedAt,
                UpdatedAt = UpdatedAt,
                Nodes = nodes,
            }
            : new SwarmConfig
            {
                Name = Name,
                Version = Version,
                ObjectName = ObjectName,
                Id = Id,
                SwarmId = swarmId,
                Labels = Labels,
                Services = services,
                CreatedAt = CreatedAt,
                UpdatedAt = UpdatedAt,
                Nodes = nodes,
                Length = Data.Length,
                Content = Text(),
            };

    private string? Text()
    {
        try
        {
            var text = StrictUtf8.GetString(Data);
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private DateTime Time(string field) =>
        DateTimeOffset.TryParse((string?)json[field], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime
            : default;
}
