using System.Diagnostics;
using System.Runtime.Versioning;
using SwarmOps.Recovery.Databases;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>A node that is backed up is put back whatever becomes of the backup: the scripts in a real bash, with a server that only remembers.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DatabaseScriptTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly string root = Directory.CreateTempSubdirectory("desync-").FullName;

    public DatabaseScriptTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the scripts are for Linux");
        Program(
            "mariadb",
            $"case \"$*\" in *=\\ ON*) echo ON >>{root}/did; echo 1 >{root}/is_on ;; *=\\ OFF*) echo OFF >>{root}/did; echo 0 >{root}/is_on ;; *wsrep_desync*) cat {root}/is_on ;; *CONCAT*) echo af1d7974-e922-11f1-907b-1e0f74593d50:7 ;; *VERSION*) echo 10.11 ;; esac"
        );
        File.WriteAllText(Path.Combine(root, "is_on"), "0\n");
        File.WriteAllText(Path.Combine(root, "password"), "secret");
        Program("socat", $"cat >{root}/received");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task While_the_backup_streams_the_node_is_desynced_and_then_put_back()
    {
        Program("mariadb-backup", $"cat {root}/is_on >{root}/while; echo data");
        using var keeper = Start(DatabaseScripts.Desync);
        using var stream = Start(DatabaseScripts.Stream);

        Assert.Equal(0, await EndAsync(stream));
        Assert.Equal("af1d7974-e922-11f1-907b-1e0f74593d50:7", DatabaseScripts.Lines(output)["position"]);
        await EndAsync(keeper);

        Assert.Equal("1\n", File.ReadAllText(Path.Combine(root, "while")));
        Assert.Equal("ON OFF", Did());
        Assert.False(File.Exists(Path.Combine(root, "backup-desync")));
        Assert.Equal([0x1F, 0x8B], File.ReadAllBytes(Path.Combine(root, "received")).Take(2));
    }

    [Fact]
    public async Task A_backup_that_is_killed_leaves_no_node_desynced()
    {
        Program("mariadb-backup", $": >{root}/begun; while [ -e {root}/begun ]; do sleep 0.1; done");
        using var keeper = Start(DatabaseScripts.Desync);
        using var stream = Start(DatabaseScripts.Stream);
        await UntilAsync("begun");

        stream.Kill();
        await EndAsync(keeper);

        Assert.Equal("ON OFF", Did());
        File.Delete(Path.Combine(root, "begun"));
    }

    [Fact]
    public async Task When_the_keeper_is_killed_the_backup_itself_puts_the_node_back()
    {
        Program("mariadb-backup", $": >{root}/begun; while [ ! -e {root}/go ]; do sleep 0.1; done; echo data");
        using var keeper = Start(DatabaseScripts.Desync);
        using var stream = Start(DatabaseScripts.Stream);
        await UntilAsync("begun");

        keeper.Kill();
        File.WriteAllText(Path.Combine(root, "go"), "");

        Assert.Equal(0, await EndAsync(stream));
        Assert.Equal("ON OFF", Did());
    }

    [Fact]
    public async Task What_an_interrupted_backup_left_is_put_back_by_the_next_one()
    {
        Program("mariadb-backup", "echo data");
        File.WriteAllText(Path.Combine(root, "is_on"), "1\n");
        File.WriteAllText(Path.Combine(root, "backup-desync"), "99999:1 other on\n");
        using var keeper = Start(DatabaseScripts.Desync);
        using var stream = Start(DatabaseScripts.Stream);

        Assert.Equal(0, await EndAsync(stream));
        await EndAsync(keeper);
        Assert.Equal("ON OFF", Did());
    }

    [Fact]
    public async Task A_node_that_somebody_else_desynced_stays_so()
    {
        Program("mariadb-backup", "echo data");
        File.WriteAllText(Path.Combine(root, "is_on"), "1\n");
        using var keeper = Start(DatabaseScripts.Desync);
        using var stream = Start(DatabaseScripts.Stream);

        Assert.Equal(0, await EndAsync(stream));
        await EndAsync(keeper);
        Assert.Equal("", Did());
    }

    [Fact]
    public async Task A_failed_backup_is_one_and_the_node_is_put_back()
    {
        Program("mariadb-backup", "echo partial; exit 3");
        using var keeper = Start(DatabaseScripts.Desync);
        using var stream = Start(DatabaseScripts.Stream);

        Assert.NotEqual(0, await EndAsync(stream));
        await EndAsync(keeper);
        Assert.Equal("ON OFF", Did());
    }

    private string output = "";

    private string Did() => File.Exists(Path.Combine(root, "did")) ? string.Join(' ', File.ReadAllLines(Path.Combine(root, "did"))) : "";

    private void Program(string name, string script)
    {
        var path = Path.Combine(root, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Process Start(string script)
    {
        var info = new ProcessStartInfo("bash", ["-c", script.Replace("/run/galera/", root + "/", StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["PATH"] = $"{root}:{Environment.GetEnvironmentVariable("PATH")}";
        info.Environment["GALERA_RUN"] = "run1";
        info.Environment["GALERA_PORT"] = "1";
        info.Environment["GALERA_SECONDS"] = "30";
        info.Environment["MARIADB_ROOT_PASSWORD_FILE"] = Path.Combine(root, "password");
        return Process.Start(info)!;
    }

    private async Task<int> EndAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    private async Task UntilAsync(string file)
    {
        for (var clock = Stopwatch.StartNew(); !File.Exists(Path.Combine(root, file)); )
        {
            Assert.True(clock.Elapsed < Limit, $"{file} did not appear");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
