namespace SwarmOps.Pipeline;

/// <summary>
/// A file on this machine, for this user only, removed at the end. Its process keeps it open, which the system ends with the process: what a killed run left is recognized by that, and
/// the next run removes it.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private const int RandomLength = 32;

    /// <summary>A file that was written a moment ago may not be held yet.</summary>
    private static readonly TimeSpan Youth = TimeSpan.FromSeconds(10);

    private readonly FileStream hold;

    private TemporaryFile(string path, FileStream hold) => (Path, this.hold) = (path, hold);

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

    /// <summary>Makes and fills one.</summary>
    /// <param name="prefix">How its name begins.</param>
    /// <param name="suffix">How its name ends.</param>
    /// <param name="fill">Writes it.</param>
    /// <exception cref="SwarmOpsException"><c>TemporaryFolderFull</c>, and what <paramref name="fill"/> throws.</exception>
    public static async Task<TemporaryFile> MakeAsync(string prefix, string suffix, Func<Stream, Task> fill)
    {
        var path = System.IO.Path.Combine(Folder, $"{prefix}{Guid.NewGuid():N}{suffix}");
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.Read,
                Options = FileOptions.Asynchronous,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var file = new FileStream(path, options))
                await fill(file).ConfigureAwait(false);
            return new TemporaryFile(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));
        }
        catch (Exception exception)
        {
            File.Delete(path);
            // The transport may have taken it for a failure of the node that the content comes from.
            if (IsDiskFull(exception))
                throw TemporaryFileErrors.TemporaryFolderFull(Folder, exception);
            throw;
        }
    }

    /// <summary>Whether something could not be written because the disk, or the user's quota on it, is full.</summary>
    public static bool IsDiskFull(Exception exception)
    {
        // Windows: ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL. Elsewhere .NET passes errno on: ENOSPC, and EDQUOT on Linux and on macOS.
        int[] codes = OperatingSystem.IsWindows() ? [39, 112] : [28, OperatingSystem.IsLinux() ? 122 : 69];
        for (var inner = exception; inner is not null; inner = inner.InnerException)
            if (inner is IOException && codes.Contains(inner.HResult & 0xFFFF))
                return true;
        return false;
    }

    /// <summary>Removes the files that no process holds any more. What cannot be removed stays: it belongs to another user.</summary>
    /// <param name="prefix">How their names begin.</param>
    /// <param name="suffix">How their names end.</param>
    /// <param name="folder">Where they are; null for the usual place.</param>
    /// <returns>The names of those that were removed.</returns>
    public static IReadOnlyList<string> RemoveLeft(string prefix, string suffix, string? folder = null)
    {
        var removed = new List<string>();
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder ?? Folder, $"{prefix}*{suffix}"))
            {
                if (IsName(System.IO.Path.GetFileName(path), prefix, suffix) && Remove(path))
                    removed.Add(System.IO.Path.GetFileName(path));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder cannot be listed, so nothing in it can be ours.
        }

        return removed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(Path);
        hold.Dispose();
    }

    private static bool IsName(string name, string prefix, string suffix) =>
        name.Length == prefix.Length + RandomLength + suffix.Length
        && name.StartsWith(prefix, StringComparison.Ordinal)
        && name.EndsWith(suffix, StringComparison.Ordinal)
        && name[prefix.Length..^suffix.Length].All(char.IsAsciiHexDigitLower);

    private static bool Remove(string path)
    {
        try
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) < Youth)
                return false;
            // Opened for nobody else: refused while another process, or this one, has it open.
            using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None)) { }
            File.Delete(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
