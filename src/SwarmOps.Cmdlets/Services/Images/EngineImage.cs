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

    /// <summary>Names that it keeps when those of <see cref="Tags"/> are removed; empty when it then is gone.</summary>
    public IReadOnlyList<string> OtherTags { get; init; } = [];

    /// <summary>What it is called for people.</summary>
    public string Name =>
        Tags is [var tag, ..] ? tag
        : Digests is [var digest, ..] ? $"{digest.Split('@')[0]} ({Short(Id)})"
        : Short(Id);

    /// <summary>
    /// What of it bears a requested name: the image, if all its names are; only those names, if it also has others, which somebody else may know it by; null for none.
    /// </summary>
    public EngineImage? Requested(Func<string, bool> isRequested)
    {
        if (!Tags.Concat(Digests).Append(Name).Any(isRequested))
            return null;
        var others = Tags.Where(tag => !isRequested(tag)).ToList();
        if (others.Count == 0)
            return this;
        var requested = Tags.Except(others).ToList();
        return requested.Count == 0 ? null : this with { Tags = requested, Digests = [], OtherTags = others };
    }

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
