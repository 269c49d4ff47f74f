using System.Diagnostics;
using System.Runtime.Versioning;
using SwarmOps.Galera;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.Repair;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>The scripts that judge data directories, in a real shell on real directories.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DirectoryShellTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("galera-").FullName;

    public DirectoryShellTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the scripts are for Linux");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_link_is_followed_and_what_it_leads_to_is_counted()
    {
        var data = Directory.CreateDirectory(Path.Combine(root, "data")).FullName;
        File.WriteAllText(Path.Combine(data, "ibdata1"), "x");
        File.CreateSymbolicLink(Path.Combine(root, "mysql"), data);

        var (directory, disk) = (Look(Path.Combine(root, "mysql")), LookAgain(Path.Combine(root, "mysql")));

        Assert.Equal((1, data, false), (directory.Files, directory.Real, directory.IsEmpty));
        Assert.Equal((1, data), (disk.Files, disk.Real));
    }

    [Fact]
    public void A_link_inside_is_something_and_what_is_ours_is_not()
    {
        var data = Directory.CreateDirectory(Path.Combine(root, "data")).FullName;
        Directory.CreateDirectory(Path.Combine(data, ".swarmops-aside", "20200101T000000Z"));
        File.WriteAllText(Path.Combine(data, ".swarmops-aside", "20200101T000000Z", "ibdata1"), "x");
        File.WriteAllText(Path.Combine(data, ".swarmops-state"), "x");
        Directory.CreateDirectory(Path.Combine(data, "lost+found"));
        Assert.True(Look(data).IsEmpty);

        File.CreateSymbolicLink(Path.Combine(data, "ibdata1"), "/somewhere/else");
        Assert.Equal((1, 1), (Look(data).Files, LookAgain(data).Files));
    }

    [Fact]
    public void What_cannot_be_read_is_an_error_and_not_empty()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to be somebody else");
        var data = Directory.CreateDirectory(Path.Combine(root, "data", "shop")).FullName;
        File.WriteAllText(Path.Combine(data, "orders.ibd"), "x");
        File.SetUnixFileMode(root, (UnixFileMode)0x1ED);
        File.SetUnixFileMode(data, UnixFileMode.None);

        foreach (
            var script in new[]
            {
                DataDirectoryScripts.Look(Path.Combine(root, "data")),
                DiskScripts.Look(Path.Combine(root, "data")),
                DataDirectoryScripts.Weigh(Path.Combine(root, "data")),
            }
        )
        {
            var (code, output, error) = Run(script, asNobody: true);
            Assert.NotEqual(0, code);
            Assert.DoesNotContain("files\t0", output, StringComparison.Ordinal);
            Assert.Contains("cannot be read", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Data_is_moved_aside_where_a_link_leads_and_its_place_is_like_it()
    {
        var data = Directory.CreateDirectory(Path.Combine(root, "data")).FullName;
        File.WriteAllText(Path.Combine(data, "ibdata1"), "x");
        File.SetUnixFileMode(data, (UnixFileMode)0x1F8);
        File.CreateSymbolicLink(Path.Combine(root, "mysql"), data);

        var (code, output, error) = Run(DiskScripts.MoveAside(Path.Combine(root, "mysql")));

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith(data + ".aside-", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(output.Trim(), "ibdata1")));
        Assert.Equal((UnixFileMode)0x1F8, File.GetUnixFileMode(data));
        var disk = LookAgain(Path.Combine(root, "mysql"));
        Assert.Equal((0, output.Trim(), output.Trim()), (disk.Files, disk.Emptied, disk.Copies));
    }

    [Fact]
    public void A_directory_that_is_missing_is_whole_when_it_is_there()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to give a directory away");
        var data = Path.Combine(root, "new", "mysql");

        Assert.Equal((0, "", ""), Run(DataDirectoryScripts.Make(data, "100:4242", "0770")));
        Assert.Equal(("100:4242", "0770"), (Look(data).Owner, Look(data).Mode));
        Directory.Move(data, data + ".empty");
        Assert.Equal((0, "", ""), Run(DataDirectoryScripts.Make(data, "999:999", "0750")));
        Assert.Equal(("100:4242", "0770"), (Look(data).Owner, Look(data).Mode));
    }

    [Fact]
    public void A_move_inside_a_mount_that_was_cut_off_is_finished_and_the_note_that_asks_for_it_goes_last()
    {
        var data = Directory.CreateDirectory(Path.Combine(root, "data")).FullName;
        foreach (var name in new[] { "ibdata1", ".swarmops-diverged", ".swarmops-member" })
            File.WriteAllText(Path.Combine(data, name), "x");
        var move = "set -e; real=$path; " + DirectoryShell.MoveInside + "\nmove_inside";

        // The last step fails, as one does that is killed before it.
        var (code, _, _) = Run($"path={data}; mv() {{ case \"$*\" in *swarmops-diverged*) exit 9 ;; esac; command mv \"$@\"; }}; {move}");
        Assert.Equal(
            (9, true, false),
            (code, File.Exists(Path.Combine(data, ".swarmops-diverged")), File.Exists(Path.Combine(data, ".swarmops-moving")))
        );
        Assert.False(File.Exists(Path.Combine(data, "ibdata1")));

        Assert.Equal((0, "", ""), Run($"path={data}; {move}"));
        Assert.Equal((false, false, 0), (LookAgain(data).IsCondemned, LookAgain(data).IsMoving, LookAgain(data).Files));
        Assert.Single(Directory.GetFiles(Path.Combine(data, ".swarmops-aside"), ".swarmops-diverged", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_marker_tells_from_which_backup_the_data_are()
    {
        Run(DataDirectoryScripts.Mark(root));
        Assert.Equal((true, ""), (Look(root).HasMarker, Look(root).Backup));

        Assert.Equal((0, "", ""), Run(DataDirectoryScripts.Mark(root, backup: "abc123")));
        Assert.Equal((true, false, "abc123"), (Look(root).HasMarker, Look(root).IsMarkerStale, Look(root).Backup));
    }

    [Fact]
    public void A_marker_of_an_earlier_start_of_the_host_is_seen_and_put_anew()
    {
        File.WriteAllText(Path.Combine(root, ".swarmops-bootstrap"), "boot_id=0c4d8ac1-0000-4000-8000-000000000000\n");
        Assert.Equal((true, true), (Look(root).HasMarker, Look(root).IsMarkerStale));

        Assert.Equal((0, "", ""), Run(DataDirectoryScripts.Mark(root)));
        Assert.Equal((true, false), (Look(root).HasMarker, Look(root).IsMarkerStale));
        File.SetLastWriteTimeUtc(Path.Combine(root, ".swarmops-bootstrap"), new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal((true, true), (Look(root).HasMarker, Look(root).IsMarkerStale));
        File.WriteAllText(Path.Combine(root, ".swarmops-bootstrap"), "");
        File.SetLastWriteTimeUtc(Path.Combine(root, ".swarmops-bootstrap"), new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal((true, false), (Look(root).HasMarker, Look(root).IsMarkerStale));
    }

    [Fact]
    public void What_is_missing_is_nothing_and_what_leads_nowhere_is_an_error()
    {
        Assert.Equal((false, 0), (LookAgain(Path.Combine(root, "new", "mysql")).Exists, Look(Path.Combine(root, "new", "mysql")).Files));
        File.CreateSymbolicLink(Path.Combine(root, "link"), Path.Combine(root, "nowhere"));
        File.WriteAllText(Path.Combine(root, "file"), "x");

        foreach (var path in new[] { "link", "link/mysql", "file", "file/mysql" })
        {
            Assert.NotEqual(0, Run(DiskScripts.Look(Path.Combine(root, path))).Code);
            Assert.NotEqual(0, Run(DataDirectoryScripts.Make(Path.Combine(root, path), "0:0", "0750")).Code);
        }
    }

    [Theory]
    [InlineData("Input/output error")]
    [InlineData("Stale file handle")]
    [InlineData("Transport endpoint is not connected")]
    public void A_disk_that_does_not_answer_is_an_error_and_not_nothing(string trouble)
    {
        var data = Path.Combine(root, "data");
        var stat = $"stat() {{ echo \"stat: cannot statx '{data}': {trouble}\" >&2; return 1; }}\n";

        foreach (
            var script in new[]
            {
                DataDirectoryScripts.Look(data),
                DiskScripts.Look(data),
                DataDirectoryScripts.Weigh(data),
                DataDirectoryScripts.Remove(data),
                DiskScripts.Condemn(data),
            }
        )
        {
            var (code, output, error) = Run(stat + script);
            Assert.NotEqual(0, code);
            Assert.DoesNotContain("absent", output, StringComparison.Ordinal);
            Assert.Contains(trouble, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Copies_that_were_moved_aside_are_left_when_the_data_is_removed()
    {
        var data = Directory.CreateDirectory(Path.Combine(root, "data")).FullName;
        foreach (var name in new[] { "mysql", ".swarmops-aside/20200101T000000Z", ".swarmops-aside-20200101T000000Z/mysql" })
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(data, name)).FullName, "db.frm"), "x");

        Assert.Equal((0, "", ""), Run("docker() { :; }\n" + DataDirectoryScripts.Remove(data)));

        Assert.Equal(
            [".swarmops-aside", ".swarmops-aside-20200101T000000Z"],
            Directory.GetFileSystemEntries(data).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.Equal(2, Directory.GetFiles(data, "db.frm", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Nothing_is_removed_while_it_is_not_known_who_uses_it_or_another_file_system_is_in_it()
    {
        var data = Directory.CreateDirectory(Path.Combine(root, "data")).FullName;
        File.WriteAllText(Path.Combine(data, "ibdata1"), "x");

        var (code, _, error) = Run("docker() { return 1; }\n" + DataDirectoryScripts.Remove(data));
        Assert.NotEqual(0, code);
        Assert.Contains("docker ps could not list", error, StringComparison.Ordinal);
        (code, _, error) = Run(
            $"docker() {{ :; }}; awk() {{ case \"$*\" in *mountinfo*) echo {data}/backup ;; esac; }}\n" + DataDirectoryScripts.Remove(data)
        );
        Assert.NotEqual(0, code);
        Assert.Contains($"{data}/backup is a mount point inside {data}", error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(data, "ibdata1")));
    }

    private static DataDirectory Look(string path) =>
        DataDirectory.Parse(new GaleraPlace(new SwarmNode { Name = "n" }, "r", 0, "s"), Output(DataDirectoryScripts.Look(path)));

    private static DiskState LookAgain(string path) => DiskState.Parse(Output(DiskScripts.Look(path)));

    private static string Output(string script)
    {
        var (code, output, error) = Run(script);
        Assert.Equal((0, ""), (code, error));
        return output;
    }

    private static (int Code, string Output, string Error) Run(string script, bool asNobody = false)
    {
        string[] words = asNobody
            ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", script]
            : ["sh", "-c", script];
        using var process = Process.Start(
            new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
