using System.Formats.Tar;
using System.Text.Json;
using SwarmOps.Recovery.Archive;

namespace SwarmOps.Recovery.Databases;

/// <summary>The file of a database's backup: as that of a swarm, an encrypted tar archive; its record first, then the compressed stream.</summary>
internal static class DatabaseFile
{
    /// <summary>Entry of the record.</summary>
    public const string RecordEntry = "database.json";

    /// <summary>Entry of the stream, for <c>gunzip</c> and <c>mbstream -x</c>.</summary>
    public const string StreamEntry = "database.xb.gz";

    private const int LargestRecord = 1024 * 1024;

    /// <summary>Writes one.</summary>
    /// <param name="target">The file.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="record">The record, with length and checksum of the stream.</param>
    /// <param name="content">The stream.</param>
    /// <param name="read">Takes the number of bytes so far.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">The stream is not the one of the record.</exception>
    public static async Task WriteAsync(
        Stream target,
        string passphrase,
        DatabaseRecord record,
        Stream content,
        Action<long> read,
        CancellationToken cancellationToken
    )
    {
        var encrypting = new EncryptingStream(target, passphrase);
        await using var _ = encrypting.ConfigureAwait(false);
        using var data = new CheckedStream(content, record.StreamBytes, read);
        var tar = new TarWriter(encrypting, TarEntryFormat.Pax, leaveOpen: true);
        await using (tar.ConfigureAwait(false))
        {
            using var json = new MemoryStream(record.ToBytes());
            await tar.WriteEntryAsync(Entry(RecordEntry, json), cancellationToken).ConfigureAwait(false);
            await tar.WriteEntryAsync(Entry(StreamEntry, data), cancellationToken).ConfigureAwait(false);
        }

        if (data.Sha256() != record.StreamSha256)
            throw new InvalidDataException("its content arrived damaged");
        encrypting.Complete();
    }

    /// <summary>Reads one to its end, so that all of it is verified.</summary>
    /// <param name="source">The file.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="name">The file, for errors.</param>
    /// <param name="take">Takes record and stream; null only verifies.</param>
    /// <param name="read">Takes the number of bytes so far, and of all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SwarmOpsException">
    /// <c>NotABackup</c>, <c>BackupPassphraseWrong</c>, <c>BackupTruncated</c>, <c>BackupDamaged</c>, <c>BackupTooNew</c>, <c>BackupHasNoDatabase</c>, and those of <paramref name="take"/>.
    /// </exception>
    public static async Task<DatabaseRecord> ReadAsync(
        Stream source,
        string passphrase,
        string name,
        Func<DatabaseRecord, Stream, Task>? take,
        Action<long, long> read,
        CancellationToken cancellationToken
    )
    {
        var decrypting = new DecryptingStream(source, passphrase, name);
        await using var _ = decrypting.ConfigureAwait(false);
        try
        {
            var tar = new TarReader(decrypting, leaveOpen: true);
            await using var __ = tar.ConfigureAwait(false);
            var record = await RecordAsync(tar, name, cancellationToken).ConfigureAwait(false);
            var entry = await tar.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false);
            if (entry is not { Name: StreamEntry, DataStream: { } content })
                throw RecoveryErrors.BackupDamaged(name);
            using var data = new CheckedStream(content, record.StreamBytes, count => read(count, record.StreamBytes));
            if (take is not null)
                await take(record, data).ConfigureAwait(false);
            await data.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
            // What follows is read, too: the last chunk tells that nothing was cut off.
            await decrypting.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
            return data.Sha256() == record.StreamSha256 ? record : throw RecoveryErrors.BackupDamaged(name);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or FormatException or EndOfStreamException)
        {
            throw RecoveryErrors.BackupDamaged(name, exception);
        }
    }

    /// <summary>Reads the record only; the rest is not verified.</summary>
    /// <exception cref="SwarmOpsException">As <see cref="ReadAsync"/>.</exception>
    public static async Task<DatabaseRecord> ReadRecordAsync(
        Stream source,
        string passphrase,
        string name,
        CancellationToken cancellationToken
    )
    {
        var decrypting = new DecryptingStream(source, passphrase, name);
        await using var _ = decrypting.ConfigureAwait(false);
        try
        {
            var tar = new TarReader(decrypting, leaveOpen: true);
            await using var __ = tar.ConfigureAwait(false);
            return await RecordAsync(tar, name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or FormatException or EndOfStreamException)
        {
            throw RecoveryErrors.BackupDamaged(name, exception);
        }
    }

    private static async Task<DatabaseRecord> RecordAsync(TarReader tar, string name, CancellationToken cancellationToken)
    {
        var entry = await tar.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false);
        if (entry is not { Name: RecordEntry, DataStream: { } content } || entry.Length > LargestRecord)
            throw DatabaseErrors.BackupHasNoDatabase(name);
        using var memory = new MemoryStream();
        await content.CopyToAsync(memory, cancellationToken).ConfigureAwait(false);
        var record = DatabaseRecord.Parse(memory.ToArray());
        return record.Version > DatabaseRecord.CurrentVersion ? throw RecoveryErrors.BackupTooNew(name, record.Version) : record;
    }

    private static PaxTarEntry Entry(string name, Stream content) =>
        new(TarEntryType.RegularFile, name) { DataStream = content, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
}
