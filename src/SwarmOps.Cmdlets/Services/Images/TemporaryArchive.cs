using System.IO.Compression;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Images;

/// <summary>A file for an archive on this machine, for this user only, removed at the end.</summary>
internal sealed class TemporaryArchive : IDisposable
{
    private const string Prefix = "swarmops-image-",
        Suffix = ".tar";

    private static readonly byte[] GzipStart = [0x1F, 0x8B];

    private readonly TemporaryFile file;

    private TemporaryArchive(TemporaryFile file) => this.file = file;

    /// <summary>Where it is.</summary>
    public string Path => file.Path;

    /// <summary>Fills a new one.</summary>
    /// <param name="fill">Writes it.</param>
    public static async Task<TemporaryArchive> MakeAsync(Func<Stream, Task> fill) =>
        new(await TemporaryFile.MakeAsync(Prefix, Suffix, fill).ConfigureAwait(false));

    /// <summary>Removes those of runs that were killed.</summary>
    /// <returns>Their names.</returns>
    public static IReadOnlyList<string> RemoveLeft() => TemporaryFile.RemoveLeft(Prefix, Suffix);

    /// <summary>The content of a file that is compressed by gzip; null for one that is not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<TemporaryArchive?> ExpandAsync(string path, CancellationToken cancellationToken)
    {
        var file = File.OpenRead(path);
        await using var _ = file.ConfigureAwait(false);
        var start = new byte[GzipStart.Length];
        await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (!start.AsSpan().SequenceEqual(GzipStart))
            return null;
        file.Position = 0;
        var content = new GZipStream(file, CompressionMode.Decompress);
        await using var __ = content.ConfigureAwait(false);
        return await MakeAsync(target => content.CopyToAsync(target, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
