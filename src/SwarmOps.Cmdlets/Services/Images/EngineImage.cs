using System.Globalization;
using System.Text.Json.Nodes;

namespace SwarmOps.Services.Images;

/// <summary>An image of one engine.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tags">Its names, such as <c>nginx:1.27</c>; empty when others have taken them over.</param>
/// <param name="Digests">The names by which registries have it, such as <c>nginx@sha256:...</c>; empty for one that was built or loaded.</param>
/// <param name="CreatedAt">When it was built, UTC.</param>
/// <param name="Size">Its size in bytes, with the layers that it shares with others.</param>
internal sealed record EngineImage(string Id, IReadOnlyList<string> Tags, IReadOnlyList<string> Digests, DateTime CreatedAt, long Size)
{
    private const int ShortId = 12;

    /// <summary>What it is called for people.</summary>
    public string Name =>
        Tags is [var tag, ..] ? tag
        : Digests is [var digest, ..] ? $"{digest.Split('@')[0]} ({Short(Id)})"
        : Short(Id);

    /// <summary>Reads an entry of an engine's list.</summary>
    public static EngineImage From(JsonNode json) =>
        new(
            (string?)json["Id"] ?? "",
            Names(json["RepoTags"]),
            Names(json["RepoDigests"]),
            DateTime.UnixEpoch.AddSeconds((double?)json["Created"] ?? 0),
            (long?)json["Size"] ?? 0
        );

    /// <summary>The names in a list of the engine, which lists what has none as <c>&lt;none&gt;</c>.</summary>
    public static IReadOnlyList<string> Names(JsonNode? list) =>
        [
            .. (list as JsonArray ?? [])
                .Select(name => (string?)name ?? "")
                .Where(name => name.Length > 0 && !name.Contains("<none>", StringComparison.Ordinal)),
        ];

    /// <summary>A size for people.</summary>
    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB");

    private static string Short(string id) => id.Split(':')[^1] is var plain && plain.Length > ShortId ? plain[..ShortId] : plain;
}
