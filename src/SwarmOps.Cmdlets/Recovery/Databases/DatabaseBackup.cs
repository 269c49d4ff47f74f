using System.Security.Cryptography;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Hosts;
using SwarmOps.Recovery.Store;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Recovery.Databases;

/// <summary>Backs up databases, each into a file of its own, which is read back before it is called a backup.</summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="store">Where they are kept.</param>
/// <param name="passphrase">The passphrase; never shown.</param>
/// <param name="settings">What, and how.</param>
internal sealed class DatabaseBackup(
    IOperationContext context,
    SwarmSession swarm,
    IBackupStore store,
    string passphrase,
    DatabaseSettings settings
)
{
    /// <summary>Backs them up, one after the other. One that fails is an error of its own.</summary>
    /// <param name="sources">The nodes.</param>
    /// <param name="keep">How many backups of each database stay; null deletes none.</param>
    /// <returns>What was made: the record of each, and what is written to the pipeline.</returns>
    public async Task<IReadOnlyList<(DatabaseRecord Record, SwarmBackupDatabase Backup)>> RunAsync(
        IReadOnlyList<DatabaseSource> sources,
        int? keep
    )
    {
        var made = new List<(DatabaseRecord, SwarmBackupDatabase)>();
        foreach (var source in sources)
        {
            try
            {
                made.Add(await RunAsync(source, keep).ConfigureAwait(false));
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
            }
            finally
            {
                context.WriteProgress(new OperationProgress(1, $"Backing up '{source.Cluster}'", "Done", 100, Completed: true));
            }
        }

        return made;
    }

    private async Task<(DatabaseRecord Record, SwarmBackupDatabase Backup)> RunAsync(DatabaseSource source, int? keep)
    {
        var record = new DatabaseRecord
        {
            Cluster = source.Cluster,
            SwarmId = swarm.SwarmId,
            CreatedAt = BackupName.Now(),
            Node = source.Site.Node,
            Image = source.Service.Image,
            DataPath = source.DataPath,
        };
        // Only the encrypted file is ever on this machine's disk.
        TemporaryFile? file = null;
        try
        {
            var desynced = await new DatabaseTake(context, swarm, source, settings)
                .RunAsync(
                    record,
                    async (known, stream) =>
                    {
                        record = known;
                        file = await EncryptAsync(known, stream).ConfigureAwait(false);
                    }
                )
                .ConfigureAwait(false);
            return await KeepAsync(record, file!.Path, desynced, keep).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw DatabaseErrors.DatabaseBackupFailed(source.Cluster, source.Site.Node, exception.Message, exception);
        }
        finally
        {
            file?.Dispose();
        }
    }

    private Task<TemporaryFile> EncryptAsync(DatabaseRecord record, Stream stream)
    {
        if (TemporaryFile.FreeBytes() is { } free && free < record.StreamBytes)
            throw DatabaseErrors.DatabaseBackupFailed(
                record.Cluster,
                record.Node,
                $"{TemporaryFile.Folder} on this machine has {free / 1_000_000} MB free, and the backup has {record.StreamBytes / 1_000_000} MB"
            );
        var tell = new TransferProgress(context, $"Backing up '{record.Cluster}'", $"Reading and encrypting the backup of {record.Node}");
        return BackupTemporary.MakeAsync(target =>
            DatabaseFile.WriteAsync(
                target,
                passphrase,
                record,
                stream,
                count => tell.Show(count, record.StreamBytes),
                context.CancellationToken
            )
        );
    }

    private async Task<(DatabaseRecord Record, SwarmBackupDatabase Backup)> KeepAsync(
        DatabaseRecord record,
        string file,
        TimeSpan desynced,
        int? keep
    )
    {
        string sha256;
        await using (var written = File.OpenRead(file))
            sha256 = EngineHost.Hex(await SHA256.HashDataAsync(written, context.CancellationToken).ConfigureAwait(false));
        var name = new BackupName(record.SwarmId, record.CreatedAt, record.Cluster);
        context.WriteProgress(new OperationProgress(1, $"Backing up '{record.Cluster}'", $"Writing the backup to {store.Place}"));
        var path = await store.PutAsync(name, file, sha256, context.CancellationToken).ConfigureAwait(false);
        await VerifyAsync(name, path, record).ConfigureAwait(false);
        var deleted = keep is { } count ? await BackupRetention.ApplyAsync(context, store, name, count).ConfigureAwait(false) : [];
        var backup = new SwarmBackupDatabase
        {
            Cluster = record.Cluster,
            Path = path,
            CreatedAt = record.CreatedAt,
            Node = record.Node,
            Uuid = record.Uuid,
            Seqno = record.Seqno,
            ServerVersion = record.ServerVersion,
            Bytes = new FileInfo(file).Length,
            Sha256 = sha256,
            IsTried = record.IsTried,
            Desynced = desynced,
            Deleted = deleted,
        };
        return (record with { File = name.ToString(), FileSha256 = sha256 }, backup);
    }

    private async Task VerifyAsync(BackupName name, string path, DatabaseRecord record)
    {
        var tell = new TransferProgress(context, $"Backing up '{record.Cluster}'", "Reading the backup back");
        try
        {
            var stored = await store.OpenAsync(name.ToString(), context.CancellationToken).ConfigureAwait(false);
            await using var _ = stored.ConfigureAwait(false);
            await DatabaseFile.ReadAsync(stored, passphrase, path, take: null, tell.Show, context.CancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.Kind is ErrorKind.InvalidData or ErrorKind.InvalidArgument)
        {
            await store.DeleteAsync(name.ToString(), context.CancellationToken).ConfigureAwait(false);
            throw RecoveryErrors.BackupNotVerified(path);
        }
    }
}
