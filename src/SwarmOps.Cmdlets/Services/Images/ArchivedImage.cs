using System.Text.Json.Nodes;

namespace SwarmOps.Services.Images;

/// <summary>An image in an archive of <c>docker save</c>.</summary>
/// <param name="Id">Its id, the hash of its configuration.</param>
/// <param name="Tags">Its names.</param>
/// <param name="DiffIds">The hashes of its layers' contents, the lowest first.</param>
/// <param name="LayerFiles">The files of its layers in the archive.</param>
/// <param name="Platform">Operating system and processor, such as <c>linux/amd64</c>.</param>
/// <param name="CreatedAt">When it was built, UTC.</param>
/// <param name="Entry">What the archive's manifest says of it.</param>
internal sealed record ArchivedImage(
    string Id,
    IReadOnlyList<string> Tags,
    IReadOnlyList<string> DiffIds,
    IReadOnlyList<string> LayerFiles,
    string Platform,
    DateTime CreatedAt,
    JsonNode Entry
)
{
    /// <summary>What it is called for people.</summary>
    public string Name => Tags is [var tag, ..] ? tag : Id;

    /// <summary>The file of its configuration in the archive.</summary>
    public string ConfigFile => (string?)Entry["Config"] ?? "";
}
