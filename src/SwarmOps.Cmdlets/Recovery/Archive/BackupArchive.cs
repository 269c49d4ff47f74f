using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SwarmOps.Recovery.Databases;

namespace SwarmOps.Recovery.Archive;

/// <summary>The content of a backup: a tar archive within the encrypted stream, its manifest first and the state last.</summary>
/// <param name="Manifest">What it contains.</param>
/// <param name="UnlockKey">The swarm's unlock key; null without autolock.</param>
internal sealed record BackupArchive(BackupManifest Manifest, string? UnlockKey)
{
    /// <summary>Entry of the engine's swarm directory.</summary>
    public const string State = "state.tar.gz";

    private const string ManifestEntry = "manifest.json";
    private const string UnlockKeyEntry = "unlock-key";

    /// <summary>Small entries are read into memory: none is larger than this.</summary>
    private const int LargestDocument = 256 * 1024 * 1024;

    /// <summary>Writes a backup.</summary>
    /// <param name="target">The file.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="state">The engine's swarm directory, as a file that can be read from its beginning.</param>
    /// <param name="documents">Further entries, by name: what the engine's API said.</param>
    /// <param name="header">The file's header; null for the usual one.</param>
    public void Write(
        Stream target,
        string passphrase,
        Stream state,
        IReadOnlyDictionary<string, string> documents,
        ArchiveHeader? header = null
    )
    {
        using var encrypting = new EncryptingStream(target, passphrase, header);
        using (var tar = new TarWriter(encrypting, TarEntryFormat.Pax, leaveOpen: true))
        {
            Add(tar, ManifestEntry, new MemoryStream(Manifest.ToBytes()));
            if (UnlockKey is not null)
                Add(tar, UnlockKeyEntry, new MemoryStream(Encoding.UTF8.GetBytes(UnlockKey)));
            foreach (var (name, text) in documents)
                Add(tar, name, new MemoryStream(Encoding.UTF8.GetBytes(text)));
            Add(tar, State, state);
        }

        encrypting.Complete();
    }

    /// <summary>Reads a backup to its end, so that all of it is verified, and copies the state.</summary>
    /// <param name="source">The file.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="name">The file, for errors.</param>
    /// <param name="state">Takes the state; null only verifies it.</param>
    /// <exception cref="SwarmOpsException">
    /// <c>NotABackup</c>, <c>BackupPassphraseWrong</c>, <c>BackupTruncated</c>, <c>BackupDamaged</c>, <c>BackupTooNew</c>.
    /// </exception>
    public static BackupArchive Read(Stream source, string passphrase, string name, Stream? state)
    {
        using var decrypting = new DecryptingStream(source, passphrase, name);
        try
        {
            return ReadEntries(decrypting, name, state);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or FormatException or EndOfStreamException)
        {
            throw RecoveryErrors.BackupDamaged(name, exception);
        }
    }

    private static BackupArchive ReadEntries(Stream stream, string name, Stream? state)
    {
        BackupManifest? manifest = null;
        string? unlockKey = null;
        string? checksum = null;
        using (var tar = new TarReader(stream, leaveOpen: true))
        {
            while (tar.GetNextEntry() is { } entry)
            {
                switch (entry.Name)
                {
                    case ManifestEntry:
                        manifest = BackupManifest.Parse(Bytes(entry));
                        if (manifest.Version > BackupManifest.CurrentVersion)
                            throw RecoveryErrors.BackupTooNew(name, manifest.Version);
                        break;
                    case DatabaseFile.RecordEntry:
                        throw DatabaseErrors.BackupIsOfDatabase(name);
                    case UnlockKeyEntry:
                        unlockKey = Encoding.UTF8.GetString(Bytes(entry));
                        break;
                    case State:
                        checksum = Copy(entry.DataStream ?? Stream.Null, state);
                        break;
                }
            }
        }

        // What follows the archive's end is read, too: the last chunk tells that nothing was cut off.
        stream.CopyTo(Stream.Null);
        return manifest is not null && checksum == manifest.StateSha256
            ? new BackupArchive(manifest, unlockKey)
            : throw RecoveryErrors.BackupDamaged(name);
    }

    private static byte[] Bytes(TarEntry entry)
    {
        if (entry.Length > LargestDocument)
            throw new InvalidDataException($"The entry {entry.Name} is too large.");
        using var memory = new MemoryStream();
        entry.DataStream?.CopyTo(memory);
        return memory.ToArray();
    }

    private static string Copy(Stream from, Stream? to)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        while (from.Read(buffer) is var count and > 0)
        {
            hash.AppendData(buffer, 0, count);
            to?.Write(buffer, 0, count);
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    private static void Add(TarWriter tar, string name, Stream content) =>
        tar.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite }
        );
}
