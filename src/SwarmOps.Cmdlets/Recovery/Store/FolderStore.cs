namespace SwarmOps.Recovery.Store;

/// <summary>A folder of this machine, or of a share that it has mounted. Beside each backup is its checksum, for <c>sha256sum -c</c>.</summary>
/// <param name="folder">Its full path.</param>
internal sealed class FolderStore(string folder) : IBackupStore
{
    private const string ChecksumEnd = ".sha256";

    public string Place => folder;

    public Task ProveAsync(CancellationToken cancellationToken) =>
        TryAsync(async () =>
        {
            CreateFolder();
            var trial = Path.Combine(folder, $".swarmops-{Guid.NewGuid():N}{BackupName.Partial}");
            try
            {
                await File.WriteAllTextAsync(trial, "SwarmOps", cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                File.Delete(trial);
            }

            return true;
        });

    public Task<IReadOnlyList<BackupName>> ListAsync(CancellationToken cancellationToken) =>
        TryAsync(() =>
            Task.FromResult<IReadOnlyList<BackupName>>([
                .. Directory.EnumerateFiles(folder).Select(file => BackupName.TryParse(Path.GetFileName(file))).OfType<BackupName>(),
            ])
        );

    public Task<string> PutAsync(BackupName name, string file, string sha256, CancellationToken cancellationToken) =>
        TryAsync(async () =>
        {
            var path = Path.Combine(folder, name.ToString());
            var part = path + BackupName.Partial;
            try
            {
                await CopyAsync(file, part, cancellationToken).ConfigureAwait(false);
                File.Move(part, path);
            }
            catch
            {
                // On a full disk every further run would leave another one.
                File.Delete(part);
                throw;
            }

            await File.WriteAllTextAsync(path + ChecksumEnd, $"{sha256}  {name}\n", cancellationToken).ConfigureAwait(false);
            return path;
        });

    public Task<Stream> OpenAsync(string name, CancellationToken cancellationToken) =>
        TryAsync(() =>
            Path.Combine(folder, name) is var path && File.Exists(path)
                ? Task.FromResult<Stream>(File.OpenRead(path))
                : throw RecoveryErrors.BackupNotFound(path)
        );

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        TryAsync(() =>
        {
            File.Delete(Path.Combine(folder, name));
            File.Delete(Path.Combine(folder, name + ChecksumEnd));
            return Task.FromResult(true);
        });

    public void Dispose() { }

    private static async Task CopyAsync(string file, string part, CancellationToken cancellationToken)
    {
        var from = File.OpenRead(file);
        await using var _ = from.ConfigureAwait(false);
        var to = CreateFile(part);
        await using var __ = to.ConfigureAwait(false);
        await from.CopyToAsync(to, cancellationToken).ConfigureAwait(false);
        // A name must not outlive a loss of power that its content does not.
        to.Flush(flushToDisk: true);
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static FileStream CreateFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw RecoveryErrors.BackupDestinationUnusable(folder, exception.Message, exception);
        }
    }
}
