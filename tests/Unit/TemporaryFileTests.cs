using SwarmOps.Pipeline;
using SwarmOps.Services.Images;

namespace SwarmOps.Tests.Unit;

/// <summary>What a killed run left is removed by the next one, and nothing else.</summary>
public sealed class TemporaryFileTests : IDisposable
{
    private const string Prefix = "swarmops-test-",
        Suffix = ".tar";

    private readonly string folder = Directory.CreateTempSubdirectory("temporary-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Only_old_files_of_its_own_names_that_nobody_holds_are_removed()
    {
        var dead = Old(Name('a'));
        var young = Path.Combine(folder, Name('b'));
        File.WriteAllText(young, "x");
        var held = Old(Name('c'));
        var others = new[] { Old(Prefix + "report.tar"), Old("swarmops-test-" + new string('G', 32) + Suffix), Old("x" + Name('d')) };
        using (new FileStream(held, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete))
            Assert.Equal([Path.GetFileName(dead)], TemporaryFile.RemoveLeft(Prefix, Suffix, folder));

        Assert.False(File.Exists(dead));
        Assert.All([young, held, .. others], path => Assert.True(File.Exists(path), path));
        Assert.Equal([Path.GetFileName(held)], TemporaryFile.RemoveLeft(Prefix, Suffix, folder));
    }

    [Fact]
    public void A_folder_that_does_not_exist_holds_nothing() =>
        Assert.Empty(TemporaryFile.RemoveLeft(Prefix, Suffix, Path.Combine(folder, "none")));

    [Fact]
    public async Task One_that_is_in_use_is_not_removed_can_be_read_and_is_gone_at_the_end()
    {
        var file = await TemporaryFile.MakeAsync(Prefix, Suffix, stream => stream.WriteAsync("text"u8.ToArray()).AsTask());
        using (file)
        {
            File.SetLastWriteTimeUtc(file.Path, DateTime.UtcNow.AddHours(-1));
            Assert.Empty(TemporaryFile.RemoveLeft(Prefix, Suffix));
            Assert.Equal("text", await File.ReadAllTextAsync(file.Path, TestContext.Current.CancellationToken));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
        }

        Assert.False(File.Exists(file.Path));
    }

    /// <summary>/dev/full answers every write with ENOSPC.</summary>
    [Fact]
    public async Task A_full_disk_is_told_by_its_folder_whatever_the_error_was_wrapped_in()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this system has no /dev/full");
        async Task Fill(Stream _)
        {
            await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            await full.WriteAsync("text"u8.ToArray());
        }
        async Task Wrapped(Stream stream)
        {
            try
            {
                await Fill(stream);
            }
            catch (IOException exception)
            {
                throw new SwarmOpsException("NodeUnreachable", ErrorKind.Connection, "lost", "look", null, exception);
            }
        }

        foreach (var fill in new Func<Stream, Task>[] { Fill, Wrapped })
        {
            var error = await Assert.ThrowsAsync<SwarmOpsException>(() => TemporaryFile.MakeAsync(Prefix, Suffix, fill));

            Assert.Equal("TemporaryFolderFull", error.ErrorId);
            Assert.Equal(TemporaryFile.Folder, error.Target);
        }
    }

    [Theory]
    [InlineData("write /var/lib/docker/tmp/x: no space left on device", true)]
    [InlineData("write /var/lib/docker/tmp/x: Disk quota exceeded", true)]
    [InlineData("unexpected EOF", false)]
    public void A_nodes_full_disk_is_told_from_its_words(string words, bool isFull) => Assert.Equal(isFull, ImageLoad.IsDiskFull(words));

    [Fact]
    public async Task One_whose_filling_failed_is_not_left()
    {
        var before = Directory.GetFiles(TemporaryFile.Folder, Prefix + "*");
        await Assert.ThrowsAsync<IOException>(() =>
            TemporaryFile.MakeAsync(Prefix, Suffix, _ => throw new IOException("no space left on device"))
        );
        Assert.Empty(Directory.GetFiles(TemporaryFile.Folder, Prefix + "*").Except(before));
    }

    private static string Name(char letter) => Prefix + new string(letter, 32) + Suffix;

    private string Old(string name)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, "x");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-5));
        return path;
    }
}
