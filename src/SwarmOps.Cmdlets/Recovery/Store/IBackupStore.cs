namespace SwarmOps.Recovery.Store;

/// <summary>A place that keeps backups.</summary>
internal interface IBackupStore : IDisposable
{
    /// <summary>The place as the user gave it.</summary>
    string Place { get; }

    /// <summary>Tries, before anything is changed, whether a backup can be written and read back.</summary>
    /// <exception cref="SwarmOpsException"><c>BackupDestinationUnusable</c>.</exception>
    Task ProveAsync(CancellationToken cancellationToken);

    /// <summary>Names of the backups in it.</summary>
    /// <exception cref="SwarmOpsException"><c>BackupDestinationUnusable</c>.</exception>
    Task<IReadOnlyList<BackupName>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Stores a file under a name, whole or not at all.</summary>
    /// <returns>Where it is, for the user.</returns>
    /// <exception cref="SwarmOpsException"><c>BackupDestinationUnusable</c>.</exception>
    Task<string> PutAsync(BackupName name, string file, string sha256, CancellationToken cancellationToken);

    /// <summary>Opens a backup.</summary>
    /// <exception cref="SwarmOpsException"><c>BackupNotFound</c>, <c>BackupDestinationUnusable</c>.</exception>
    Task<Stream> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Deletes a backup.</summary>
    /// <exception cref="SwarmOpsException"><c>BackupDestinationUnusable</c>.</exception>
    Task DeleteAsync(string name, CancellationToken cancellationToken);
}
