using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SwarmOps.Services.Images;

/// <summary>
/// A file that <c>docker save</c> wrote, checked: each layer and each configuration has the hash by which it is named. Formats: moby's image/tarexport, of engines before 25 (a folder
/// a layer) and since (an OCI layout that also has the old manifest).
/// </summary>
internal sealed class ImageArchive
{
    private const string ManifestFile = "manifest.json";

    private const string BlobFolder = "blobs/sha256/";

    /// <summary>The longest document that is read; layers are only hashed.</summary>
    private const int LongestDocument = 8 * 1024 * 1024;

    private readonly string path;
    private readonly IReadOnlyDictionary<string, ArchivedFile> files;
    private readonly bool hasLinks;

    private ImageArchive(
        string path,
        IReadOnlyDictionary<string, ArchivedFile> files,
        bool hasLinks,
        IReadOnlyList<ArchivedImage> images
    ) => (this.path, this.files, this.hasLinks, Images) = (path, files, hasLinks, images);

    /// <summary>The images in it.</summary>
    public IReadOnlyList<ArchivedImage> Images { get; }

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file, not compressed.</param>
    /// <param name="source">What it is of, for errors.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SwarmOpsException"><c>ImageArchiveInvalid</c>, <c>ImageArchiveNotFound</c>.</exception>
    public static async Task<ImageArchive> ReadAsync(string path, string source, CancellationToken cancellationToken)
    {
        try
        {
            var (files, hasLinks) = await HashAsync(path, cancellationToken).ConfigureAwait(false);
            var manifest =
                files.GetValueOrDefault(ManifestFile)?.Text is { } text && JsonNode.Parse(text) is JsonArray { Count: > 0 } list
                    ? list
                    : throw ImageErrors.ImageArchiveInvalid(source, $"it has no {ManifestFile}, which docker save writes");
            return new ImageArchive(path, files, hasLinks, [.. manifest.OfType<JsonNode>().Select(entry => Image(entry, files, source))]);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw ImageErrors.ImageArchiveNotFound(path, exception.Message);
        }
        catch (Exception exception)
            when (exception is IOException or InvalidDataException or JsonException or InvalidOperationException or FormatException)
        {
            throw ImageErrors.ImageArchiveInvalid(source, exception.Message.TrimEnd('.'));
        }
    }

    /// <summary>Whether an image can be sent alone and in part; otherwise the archive is sent as it is. Files may be links to each other, as engines before 25 write layers that occur twice.</summary>
    public bool IsDivisible => !hasLinks;

    /// <summary>The size of an image in it, without its lowest layers.</summary>
    public long SizeOf(ArchivedImage image, int omitted) => PartsOf(image, omitted).Sum(name => files.GetValueOrDefault(name)?.Length ?? 0);

    /// <summary>The size of all in it.</summary>
    public long Size => files.Values.Sum(file => file.Length);

    /// <summary>Writes an archive of one image, without its lowest layers: an engine reads no layer that it has (moby, image/tarexport/load.go).</summary>
    /// <param name="target">Takes the archive.</param>
    /// <param name="image">The image.</param>
    /// <param name="omitted">How many layers are left out.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task WriteAsync(Stream target, ArchivedImage image, int omitted, CancellationToken cancellationToken)
    {
        var parts = PartsOf(image, omitted);
        var stream = Open(path);
        await using var _ = stream.ConfigureAwait(false);
        var reader = new TarReader(stream);
        await using var __ = reader.ConfigureAwait(false);
        var writer = new TarWriter(target, leaveOpen: true);
        await using var ___ = writer.ConfigureAwait(false);
        using var manifest = new MemoryStream(Encoding.UTF8.GetBytes(new JsonArray(image.Entry.DeepClone()).ToJsonString()));
        await writer
            .WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, ManifestFile) { DataStream = manifest }, cancellationToken)
            .ConfigureAwait(false);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
        {
            if (parts.Contains(NameOf(entry)))
                await writer
                    .WriteEntryAsync(
                        new PaxTarEntry(TarEntryType.RegularFile, NameOf(entry)) { DataStream = entry.DataStream },
                        cancellationToken
                    )
                    .ConfigureAwait(false);
        }
    }

    /// <summary>Writes the archive as it is.</summary>
    public async Task WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        var stream = Open(path);
        await using var _ = stream.ConfigureAwait(false);
        await stream.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A file that occurs twice in an image is left out only where it can be left out both times.</summary>
    private static HashSet<string> PartsOf(ArchivedImage image, int omitted) =>
        image.LayerFiles.Skip(omitted).Append(image.ConfigFile).ToHashSet(StringComparer.Ordinal);

    private static async Task<(Dictionary<string, ArchivedFile> Files, bool HasLinks)> HashAsync(
        string path,
        CancellationToken cancellationToken
    )
    {
        var files = new Dictionary<string, ArchivedFile>(StringComparer.Ordinal);
        var hasLinks = false;
        var stream = Open(path);
        await using var _ = stream.ConfigureAwait(false);
        var reader = new TarReader(stream);
        await using var __ = reader.ConfigureAwait(false);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
        {
            hasLinks |= entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink;
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                files[NameOf(entry)] = await HashAsync(entry, cancellationToken).ConfigureAwait(false);
        }

        return (files, hasLinks);
    }

    private static async Task<ArchivedFile> HashAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        if (entry.DataStream is not { } data)
            return new ArchivedFile(Convert.ToHexString(SHA256.HashData([])).ToLowerInvariant(), 0, "");
        if (entry.Length > LongestDocument)
            return new ArchivedFile(
                Convert.ToHexString(await SHA256.HashDataAsync(data, cancellationToken).ConfigureAwait(false)).ToLowerInvariant(),
                entry.Length,
                null
            );
        var bytes = new byte[entry.Length];
        await data.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        var isDocument = bytes is [(byte)'{' or (byte)'[', ..];
        return new ArchivedFile(
            Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant(),
            entry.Length,
            isDocument ? Encoding.UTF8.GetString(bytes) : null
        );
    }

    private static ArchivedImage Image(JsonNode entry, Dictionary<string, ArchivedFile> files, string source)
    {
        var configFile = (string?)entry["Config"] ?? "";
        var config = files.GetValueOrDefault(configFile) is { Text: { } text } found
            ? (Json: JsonNode.Parse(text), found.Hash)
            : throw ImageErrors.ImageArchiveInvalid(source, $"it lacks '{configFile}'");
        var named = configFile.Split('/')[^1].Replace(".json", "", StringComparison.Ordinal);
        if (named != config.Hash)
            throw ImageErrors.ImageArchiveInvalid(source, $"'{configFile}' has the hash {config.Hash}");
        var layers = Texts(entry["Layers"]);
        var diffIds = Texts(config.Json?["rootfs"]?["diff_ids"]);
        if (layers.Count != diffIds.Count)
            throw ImageErrors.ImageArchiveInvalid(source, $"it has {layers.Count} layers of the image, which has {diffIds.Count}");
        foreach (var (layer, diffId) in layers.Zip(diffIds))
            CheckLayer(layer, diffId, files, source);
        return new ArchivedImage(
            "sha256:" + config.Hash,
            Texts(entry["RepoTags"]),
            diffIds,
            layers,
            $"{(string?)config.Json?["os"]}/{(string?)config.Json?["architecture"]}",
            ImageFacts.Time(config.Json?["created"]),
            entry
        );
    }

    /// <summary>A layer has the hash of its content, or of its compressed form, by which an OCI layout names it. A link is to a layer that is checked itself.</summary>
    private static void CheckLayer(string layer, string diffId, Dictionary<string, ArchivedFile> files, string source)
    {
        if (!files.TryGetValue(layer, out var file))
        {
            if (files.Values.All(other => $"sha256:{other.Hash}" != diffId))
                throw ImageErrors.ImageArchiveInvalid(source, $"it lacks the layer '{layer}'");
            return;
        }

        var named = layer.StartsWith(BlobFolder, StringComparison.Ordinal) ? layer[BlobFolder.Length..] : null;
        if ($"sha256:{file.Hash}" != diffId && file.Hash != named)
            throw ImageErrors.ImageArchiveInvalid(source, $"the layer '{layer}' has the hash {file.Hash}, not {diffId}");
    }

    private static string NameOf(TarEntry entry) => entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;

    private static IReadOnlyList<string> Texts(JsonNode? list) =>
        [.. (list as JsonArray ?? []).Select(text => (string?)text ?? "").Where(text => text.Length > 0)];

    private static FileStream Open(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            }
        );

    /// <summary>A file of the archive.</summary>
    /// <param name="Hash">The SHA-256 of its content, in hexadecimal.</param>
    /// <param name="Length">Its length.</param>
    /// <param name="Text">Its text, if it is a document.</param>
    private sealed record ArchivedFile(string Hash, long Length, string? Text);
}
