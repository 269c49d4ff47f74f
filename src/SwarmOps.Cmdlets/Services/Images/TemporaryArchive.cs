using System.IO.Compression;

namespace SwarmOps.Services.Images;

/// <summary>A file for an archive on this machine, for this user only, removed at the end.</summary>
internal sealed class TemporaryArchive : IDisposable
{
    private static readonly byte[] GzipStart = [0x1F, 0x8B];

    private TemporaryArchive(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Where such files are made.</summary>
    public static string Folder => System.IO.Path.GetTempPath();

    /// <summary>Bytes that are free there; null when that cannot be seen.</summary>
    public static long? FreeBytes()
    {
        try
        {
            return new DriveInfo(Folder).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Fills a new one.</summary>
    /// <param name="fill">Writes it.</param>
    public static async Task<TemporaryArchive> MakeAsync(Func<Stream, Task> fill)
    {
        var archive = new TemporaryArchive(System.IO.Path.Combine(Folder, $"swarmops-image-{Guid.NewGuid():N}.tar"));
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var file = new FileStream(archive.Path, options);
            await using var _ = file.ConfigureAwait(false);
            await fill(file).ConfigureAwait(false);
            return archive;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

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
    public void Dispose() => File.Delete(Path);
}
