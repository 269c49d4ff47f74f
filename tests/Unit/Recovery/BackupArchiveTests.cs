using System.Security.Cryptography;
using SwarmOps.Recovery.Archive;
using SwarmOps.Recovery.Hosts;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>The content of a backup: manifest, unlock key, documents and the state.</summary>
public sealed class BackupArchiveTests
{
    private const string Passphrase = "correct horse battery";

    private readonly byte[] state = RandomNumberGenerator.GetBytes(10_000);

    [Fact]
    public void What_is_written_is_read()
    {
        var manifest = Manifest() with
        {
            Nodes =
            [
                new BackedUpNode("ida", "a", "host-a", true, "192.0.2.1", "active", new Dictionary<string, string> { ["region"] = "eu" }),
            ],
            Objects = new Dictionary<string, IReadOnlyList<BackedUpObject>> { ["secret"] = [new BackedUpObject("ids", "db-password")] },
        };

        using var copy = new MemoryStream();
        var read = BackupArchive.Read(Write(new BackupArchive(manifest, "SWMKEY-1-x")), Passphrase, "test", copy);

        Assert.Equal(state, copy.ToArray());
        Assert.Equal("SWMKEY-1-x", read.UnlockKey);
        Assert.Equal(
            (manifest.SwarmId, manifest.CreatedAt, SwarmBackupMethod.Freeze),
            (read.Manifest.SwarmId, read.Manifest.CreatedAt, read.Manifest.Method)
        );
        Assert.Equal("eu", Assert.Single(read.Manifest.Managers).Labels["region"]);
        Assert.Equal("db-password", Assert.Single(read.Manifest.Of("secret")).Name);
        Assert.Empty(read.Manifest.Of("service"));
    }

    [Fact]
    public void A_state_that_is_not_the_one_of_the_manifest_is_refused() =>
        Assert.Equal(
            "BackupDamaged",
            ErrorOf(() =>
                BackupArchive.Read(Write(new BackupArchive(Manifest() with { StateSha256 = "00" }, null)), Passphrase, "test", null)
            )
        );

    [Fact]
    public void A_later_version_is_not_guessed_at() =>
        Assert.Equal(
            "BackupTooNew",
            ErrorOf(() => BackupArchive.Read(Write(new BackupArchive(Manifest() with { Version = 2 }, null)), Passphrase, "test", null))
        );

    [Fact]
    public void No_secret_is_in_the_clear()
    {
        var file = Write(new BackupArchive(Manifest(), "SWMKEY-1-x")).ToArray();

        Assert.Equal(-1, file.AsSpan().IndexOf("SWMKEY"u8));
        Assert.Equal(-1, file.AsSpan().IndexOf("manifest"u8));
    }

    private BackupManifest Manifest() =>
        new()
        {
            SwarmId = "s1",
            CreatedAt = new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc),
            Method = SwarmBackupMethod.Freeze,
            StateSha256 = EngineHost.Hex(SHA256.HashData(state)),
            StateBytes = state.Length,
        };

    private MemoryStream Write(BackupArchive archive)
    {
        var file = new MemoryStream();
        archive.Write(
            file,
            Passphrase,
            new MemoryStream(state),
            new Dictionary<string, string> { ["services.json"] = "[]" },
            ArchiveStreamTests.QuickHeader()
        );
        file.Position = 0;
        return file;
    }

    private static string ErrorOf(Func<object> work) => Assert.Throws<SwarmOpsException>(work).ErrorId;
}
