using System.Security.Cryptography;
using System.Text;
using SwarmOps.Recovery;
using SwarmOps.Recovery.Archive;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>The format of a backup file: what is written is read, and anything that was changed, cut off or moved is noticed.</summary>
public sealed class ArchiveStreamTests
{
    private const string Passphrase = "correct horse battery";
    private const int ChunkSize = 64;
    private const int TagLength = 16;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ChunkSize - 1)]
    [InlineData(ChunkSize)]
    [InlineData(ChunkSize + 1)]
    [InlineData((3 * ChunkSize) + 5)]
    public void What_is_written_is_read(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);

        Assert.Equal(plain, Open(Seal(plain)));
    }

    [Fact]
    public void Another_program_can_read_it_by_its_description()
    {
        var plain = RandomNumberGenerator.GetBytes((2 * ChunkSize) + 3);
        var file = Seal(plain);

        // docs/disaster-recovery.md, "The format".
        var master = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(Passphrase),
            file[16..32],
            (file[8] << 24) | (file[9] << 16) | (file[10] << 8) | file[11],
            HashAlgorithmName.SHA256,
            32
        );
        byte[] checkedText = [.. "swarmops backup header"u8, .. file[..32]];
        Assert.Equal(HMACSHA256.HashData(master, checkedText), file[32..64]);
        using var cipher = new AesGcm(HMACSHA256.HashData(master, "swarmops backup payload"u8.ToArray()), TagLength);
        var read = new List<byte>();
        var rest = file[64..];
        for (byte number = 0; rest.Length > 0; number++)
        {
            var chunk = rest[..Math.Min(rest.Length, ChunkSize + TagLength)];
            rest = rest[chunk.Length..];
            var opened = new byte[chunk.Length - TagLength];
            byte[] nonce = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number, (byte)(rest.Length == 0 ? 1 : 0)];
            cipher.Decrypt(nonce, chunk[..^TagLength], chunk[^TagLength..], opened);
            read.AddRange(opened);
        }

        Assert.Equal(plain, read);
    }

    [Fact]
    public void A_wrong_passphrase_is_told_from_a_damaged_file() =>
        Assert.Equal("BackupPassphraseWrong", ErrorOf(() => Open(Seal([1, 2, 3]), "wrong horse battery")));

    [Fact]
    public void A_file_that_was_cut_anywhere_is_refused()
    {
        var file = Seal(RandomNumberGenerator.GetBytes((2 * ChunkSize) + 9));

        for (var length = 8; length < file.Length; length += 3)
            Assert.Equal("BackupTruncated", ErrorOf(() => Open(file[..length])));
        // At the very end of a chunk, too.
        Assert.Equal("BackupTruncated", ErrorOf(() => Open(file[..(ArchiveHeader.Length + ChunkSize + TagLength)])));
    }

    [Fact]
    public void A_byte_that_was_changed_anywhere_is_noticed()
    {
        var file = Seal(RandomNumberGenerator.GetBytes((2 * ChunkSize) + 9));

        for (var place = 0; place < file.Length; place += 5)
        {
            var changed = file.ToArray();
            changed[place] ^= 0x10;
            Assert.Contains(
                ErrorOf(() => Open(changed)),
                new[] { "NotABackup", "BackupPassphraseWrong", "BackupDamaged", "BackupTruncated" }
            );
        }
    }

    [Fact]
    public void Chunks_cannot_be_swapped_or_left_out()
    {
        var file = Seal(RandomNumberGenerator.GetBytes((3 * ChunkSize) + 1));
        const int length = ChunkSize + TagLength;
        var (head, one, two, rest) = (
            file[..ArchiveHeader.Length],
            file[ArchiveHeader.Length..(ArchiveHeader.Length + length)],
            file[(ArchiveHeader.Length + length)..(ArchiveHeader.Length + (2 * length))],
            file[(ArchiveHeader.Length + (2 * length))..]
        );

        Assert.Equal("BackupDamaged", ErrorOf(() => Open([.. head, .. two, .. one, .. rest])));
        Assert.Equal("BackupDamaged", ErrorOf(() => Open([.. head, .. one, .. rest])));
        Assert.Equal("BackupDamaged", ErrorOf(() => Open([.. file, .. one, .. one])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK\u0003\u0004 something else")]
    public void Anything_else_is_no_backup(string text) => Assert.Equal("NotABackup", ErrorOf(() => Open(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void Two_files_of_the_same_content_have_nothing_in_common() =>
        Assert.NotEqual(Seal(new byte[ChunkSize])[ArchiveHeader.Length..], Seal(new byte[ChunkSize])[ArchiveHeader.Length..]);

    internal static ArchiveHeader QuickHeader() => ArchiveHeader.Create(iterations: 10, ChunkSize);

    private static byte[] Seal(byte[] plain)
    {
        using var file = new MemoryStream();
        using var stream = new EncryptingStream(file, Passphrase, QuickHeader());
        // In uneven parts, as a tar writer does it.
        for (var place = 0; place < plain.Length; place += 37)
            stream.Write(plain, place, Math.Min(37, plain.Length - place));
        stream.Complete();
        return file.ToArray();
    }

    private static byte[] Open(byte[] file, string passphrase = Passphrase)
    {
        using var stream = new DecryptingStream(new MemoryStream(file), passphrase, "test");
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }

    private static string ErrorOf(Func<object> work) => Assert.Throws<SwarmOpsException>(work).ErrorId;
}
