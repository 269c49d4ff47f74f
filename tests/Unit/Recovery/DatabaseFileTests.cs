using System.Security.Cryptography;
using SwarmOps.Recovery.Archive;
using SwarmOps.Recovery.Databases;
using SwarmOps.Recovery.Hosts;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>The file of a database's backup: what is written is read, and what was changed, cut off or is of another kind is refused.</summary>
public sealed class DatabaseFileTests
{
    private const string Passphrase = "correct horse battery";

    private readonly byte[] content = RandomNumberGenerator.GetBytes(300_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_is_read()
    {
        var file = await WriteAsync(Record());
        using var copy = new MemoryStream();

        var read = await DatabaseFile.ReadAsync(file, Passphrase, "test", (_, data) => data.CopyToAsync(copy, Token), Nothing, Token);

        Assert.Equal(content, copy.ToArray());
        Assert.Equal(Record(), read);
        file.Position = 0;
        Assert.Equal(Record(), await DatabaseFile.ReadRecordAsync(file, Passphrase, "test", Token));
    }

    [Fact]
    public async Task A_stream_that_is_not_the_one_that_was_tried_is_not_written()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => WriteAsync(Record() with { StreamSha256 = "00" }));
        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(Record() with { StreamBytes = content.Length + 1 }));
    }

    [Theory]
    [InlineData(-1, "BackupTruncated")]
    [InlineData(150_000, "BackupDamaged")]
    public async Task A_file_that_was_changed_or_cut_off_is_refused(int at, string errorId)
    {
        var bytes = (await WriteAsync(Record())).ToArray();
        if (at < 0)
            bytes = bytes[..^1];
        else
            bytes[at] ^= 1;

        Assert.Equal(errorId, await ErrorOf(bytes, Passphrase));
    }

    [Fact]
    public async Task Another_passphrase_and_a_later_version_have_their_own_errors()
    {
        Assert.Equal("BackupPassphraseWrong", await ErrorOf((await WriteAsync(Record())).ToArray(), "wrong horse battery"));
        Assert.Equal("BackupTooNew", await ErrorOf((await WriteAsync(Record() with { Version = 2 })).ToArray(), Passphrase));
    }

    [Fact]
    public async Task A_backup_of_a_swarm_is_none_of_a_database_and_the_other_way_round()
    {
        var state = RandomNumberGenerator.GetBytes(100);
        using var swarm = new MemoryStream();
        new BackupArchive(new BackupManifest { StateSha256 = EngineHost.Hex(SHA256.HashData(state)) }, null).Write(
            swarm,
            Passphrase,
            new MemoryStream(state),
            new Dictionary<string, string>(),
            ArchiveHeader.Create(iterations: 1)
        );

        Assert.Equal("BackupHasNoDatabase", await ErrorOf(swarm.ToArray(), Passphrase));
        var database = await WriteAsync(Record());
        Assert.Equal(
            "BackupIsOfDatabase",
            Assert.Throws<SwarmOpsException>(() => BackupArchive.Read(database, Passphrase, "test", state: null)).ErrorId
        );
    }

    [Theory]
    [InlineData("af1d7974-e922-11f1-907b-1e0f74593d50:42", 42L)]
    [InlineData("af1d7974-e922-11f1-907b-1e0f74593d50:-1", null)]
    [InlineData("00000000-0000-0000-0000-000000000000:42", null)]
    [InlineData("af1d7974-e922-11f1-907b-1e0f74593d50", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_position_is_a_real_history_and_a_number(string? text, long? seqno) =>
        Assert.Equal(seqno, DatabaseRecord.Position(text)?.Seqno);

    private async Task<MemoryStream> WriteAsync(DatabaseRecord record)
    {
        var file = new MemoryStream();
        await DatabaseFile.WriteAsync(file, Passphrase, record, new MemoryStream(content), static _ => { }, Token);
        file.Position = 0;
        return file;
    }

    private static async Task<string> ErrorOf(byte[] file, string passphrase) =>
        (
            await Assert.ThrowsAsync<SwarmOpsException>(() =>
                DatabaseFile.ReadAsync(new MemoryStream(file), passphrase, "test", take: null, Nothing, Token)
            )
        ).ErrorId;

    private DatabaseRecord Record() =>
        new()
        {
            Cluster = "galera",
            SwarmId = "s1",
            CreatedAt = new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc),
            Uuid = "af1d7974-e922-11f1-907b-1e0f74593d50",
            Seqno = 42,
            IsTried = true,
            StreamBytes = content.Length,
            StreamSha256 = EngineHost.Hex(SHA256.HashData(content)),
        };

    private static void Nothing(long done, long all) { }
}
