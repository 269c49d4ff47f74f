using SwarmOps.Aws.Session;

namespace SwarmOps.Recovery.Store;

/// <summary>A place for backups, or one backup in it, as the user gave it.</summary>
/// <param name="Given">A folder, a file, or a URL that begins with <c>s3://</c>.</param>
/// <param name="Settings">How S3 is reached.</param>
/// <param name="Region">The bucket's region; null for that of the session.</param>
internal sealed record BackupPlace(string Given, AwsSettings Settings, string? Region)
{
    /// <summary>Opens the place where a backup is to be kept.</summary>
    /// <exception cref="SwarmOpsException"><c>BackupDestinationInvalid</c>, those of the S3 store.</exception>
    public async Task<IBackupStore> OpenAsync(CancellationToken cancellationToken)
    {
        if (S3Location.IsOne(Given))
            return await S3Store.OpenAsync(S3Location.Parse(Given), Settings, Region, cancellationToken).ConfigureAwait(false);
        return File.Exists(Given) ? throw RecoveryErrors.BackupDestinationInvalid(Given, "it is a file") : new FolderStore(Given);
    }

    /// <summary>Finds the one backup of a swarm that is meant: a file, or the newest of a folder or prefix.</summary>
    /// <exception cref="SwarmOpsException"><c>BackupNotFound</c>, <c>SeveralSwarmsInPlace</c>, those of <see cref="OpenAsync"/>.</exception>
    public Task<(IBackupStore Store, string Name)> FindAsync(CancellationToken cancellationToken) =>
        FindAsync(names => Newest([.. names.Where(name => name.Cluster is null)]), cancellationToken);

    /// <summary>Finds the one backup of a database that is meant: a file, or the newest of a folder or prefix, of the same swarm if there is one.</summary>
    /// <param name="cluster">The Galera cluster.</param>
    /// <param name="swarmId">The swarm.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="SwarmOpsException"><c>BackupNotFound</c>, <c>SeveralSwarmsInPlace</c>, those of <see cref="OpenAsync"/>.</exception>
    public Task<(IBackupStore Store, string Name)> FindDatabaseAsync(string cluster, string swarmId, CancellationToken cancellationToken) =>
        FindAsync(
            names =>
            {
                var all = names.Where(name => name.Cluster == cluster).ToList();
                var own = all.Where(name => name.SwarmId == swarmId).ToList();
                return Newest(own.Count > 0 ? own : all);
            },
            cancellationToken
        );

    private async Task<(IBackupStore Store, string Name)> FindAsync(
        Func<IReadOnlyList<BackupName>, string> choose,
        CancellationToken cancellationToken
    )
    {
        var isUrl = S3Location.IsOne(Given);
        if (isUrl ? Given.EndsWith(".swarmbackup", StringComparison.Ordinal) : File.Exists(Given))
        {
            var cut = Given.LastIndexOfAny(isUrl ? ['/'] : ['/', Path.DirectorySeparatorChar]);
            var parent = this with { Given = Given[..Math.Max(cut, 1)] };
            return (await parent.OpenAsync(cancellationToken).ConfigureAwait(false), Given[(cut + 1)..]);
        }

        if (!isUrl && !Directory.Exists(Given))
            throw RecoveryErrors.BackupNotFound(Given);
        var store = await OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return (store, choose(await store.ListAsync(cancellationToken).ConfigureAwait(false)));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private string Newest(IReadOnlyList<BackupName> names)
    {
        var swarms = names.Select(name => name.SwarmId).Distinct(StringComparer.Ordinal).ToList();
        return swarms.Count switch
        {
            0 => throw RecoveryErrors.BackupNotFound(Given),
            1 => names.MaxBy(name => name.CreatedAt)!.ToString(),
            _ => throw RecoveryErrors.SeveralSwarmsInPlace(Given, swarms),
        };
    }
}
