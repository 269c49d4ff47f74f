using System.Diagnostics;
using System.Runtime.Versioning;
using SwarmOps.Folders;
using SwarmOps.Folders.Formation;

namespace SwarmOps.Tests.Unit.Folders;

/// <summary>The scripts for a folder's directories, in a real shell on real directories.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class HostFolderScriptTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("folder-").FullName;
    private readonly string data;

    public HostFolderScriptTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the scripts are for Linux");
        data = Directory.CreateDirectory(Path.Combine(root, "data")).FullName;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Files_are_counted_without_those_of_Syncthing()
    {
        Write("a.jpg", "123");
        Write("sub/b c.jpg", "4567");
        Write(".stfolder/syncthing-folder.txt", "x");
        Write(".syncthing.c.jpg.tmp", "x");
        Write(".swarmops-canary-1-0", "x");

        var host = Look();
        Assert.Equal((true, 2L, 7L, true), (host.Exists, host.Files, host.Bytes, host.HasMarker));
        Assert.Equal(2, Assert.Single(host.Users).Value);
        Assert.Equal(host.Owner!.User, host.Users.Keys.Single());
        Assert.True(host.TotalBytes > 0 && host.FreeBytes > 0);
        Assert.Null(host.Fault);
        Assert.Empty(host.Databases);
    }

    [Fact]
    public void What_is_not_there_is_no_fault()
    {
        var host = HostFolder.Parse(Place, Run(HostFolderScripts.Look("uploads", Path.Combine(root, "none", "deeper"), true)));
        Assert.Equal((false, 0L, null), (host.Exists, host.Files, host.Fault));
        Assert.True(host.TotalBytes > 0);
    }

    [Fact]
    public void A_file_or_a_link_that_leads_nowhere_is_a_fault()
    {
        Write("file", "x");
        File.CreateSymbolicLink(Path.Combine(root, "link"), "/no/such/place");
        Assert.Contains(
            "not a directory",
            HostFolder.Parse(Place, Run(HostFolderScripts.Look("uploads", Path.Combine(data, "file"), true))).Fault
        );
        Assert.Contains(
            "dangling",
            HostFolder.Parse(Place, Run(HostFolderScripts.Look("uploads", Path.Combine(root, "link"), true))).Fault
        );
    }

    [Theory]
    [InlineData("ibdata1", "x")]
    [InlineData("shop/orders.ibd", "x")]
    [InlineData("PG_VERSION", "15")]
    [InlineData("app.db", "SQLite format 3\0rest")]
    [InlineData("cache/app.sqlite", "SQLite format 3\0rest")]
    public void Databases_are_found(string name, string content)
    {
        Write(name, content);
        Assert.Equal([name], Look().Databases);
    }

    [Fact]
    public void A_file_that_is_only_named_like_one_is_no_database()
    {
        Write("thumbs.db", "something else");
        Assert.Empty(Look().Databases);
    }

    [Fact]
    public void Equal_trees_have_equal_listings_and_hashes_and_others_do_not()
    {
        Write("a", "123");
        Write("sub/b", "45");
        var (listing, hash) = (Look().Listing, Hash());
        File.Delete(Path.Combine(data, "a"));
        Write("a", "321");
        Assert.Equal(listing, Look().Listing);
        Assert.NotEqual(hash, Hash());
        File.Delete(Path.Combine(data, "a"));
        Write("a", "123");
        Assert.Equal(hash, Hash());
        Write("c", "");
        Assert.NotEqual(listing, Look().Listing);
    }

    [Fact]
    public void Files_are_listed_by_name_with_their_sizes()
    {
        Write("b", "12");
        Write("a", "1");
        Assert.Equal("1\t./a\n2\t./b\n", Run(HostFolderScripts.List(data, 10)));
        Assert.Equal("1\t./a\n", Run(HostFolderScripts.List(data, 1)));
    }

    [Fact]
    public void What_is_set_aside_is_whole_beside_the_directory_which_stays()
    {
        Write("a", "1");
        Write(".hidden/b", "2");
        var aside = Run(HostFolderScripts.SetAside(data)).Trim();
        Assert.StartsWith(data + ".swarmops-aside-", aside, StringComparison.Ordinal);
        Assert.Equal("1", File.ReadAllText(Path.Combine(aside, "a")));
        Assert.Equal("2", File.ReadAllText(Path.Combine(aside, ".hidden", "b")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(data));
    }

    private static readonly FolderPlace Place = new("id", "node", "uploads-node", null);

    private HostFolder Look() => HostFolder.Parse(Place, Run(HostFolderScripts.Look("uploads", data, true)));

    private string Hash() => Run(HostFolderScripts.Hash(data)).Trim();

    private void Write(string name, string content)
    {
        var path = Path.Combine(data, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private static string Run(string script)
    {
        using var shell = Process.Start(
            new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var error = shell.StandardError.ReadToEndAsync();
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, error.GetAwaiter().GetResult());
        return output;
    }
}
