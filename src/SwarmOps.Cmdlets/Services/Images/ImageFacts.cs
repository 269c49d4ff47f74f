using System.Globalization;
using System.Text.Json.Nodes;

namespace SwarmOps.Services.Images;

/// <summary>What identifies an image wherever it is.</summary>
/// <param name="Id">Its id: of the configuration, or with containerd's store of the manifest.</param>
/// <param name="DiffIds">The hashes of its layers, the lowest first.</param>
/// <param name="CreatedAt">When it was built, UTC.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="IsManifest">Whether the id is that of the manifest.</param>
internal sealed record ImageFacts(string Id, IReadOnlyList<string> DiffIds, DateTime CreatedAt, long Size, bool IsManifest)
{
    /// <summary>Reads what an engine says of an image.</summary>
    public static ImageFacts From(JsonNode json, bool isManifest) =>
        new((string?)json["Id"] ?? "", Layers(json["RootFS"]?["Layers"]), Time(json["Created"]), (long?)json["Size"] ?? 0, isManifest);

    /// <summary>The same for an archived one.</summary>
    public static ImageFacts Of(ArchivedImage image) => new(image.Id, image.DiffIds, image.CreatedAt, 0, false);

    /// <summary>Whether both are the same image. Ids of different kinds tell nothing: then the layers and the time decide.</summary>
    public bool IsSame(ImageFacts? other) =>
        other is not null
        && (IsManifest == other.IsManifest ? Id == other.Id : CreatedAt == other.CreatedAt && DiffIds.SequenceEqual(other.DiffIds));

    /// <summary>A time of the engine.</summary>
    public static DateTime Time(JsonNode? node) =>
        DateTimeOffset.TryParse((string?)node, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime
            : default;

    private static IReadOnlyList<string> Layers(JsonNode? list) => [.. (list as JsonArray ?? []).Select(layer => (string?)layer ?? "")];
}
