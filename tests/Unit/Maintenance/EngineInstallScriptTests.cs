using System.Diagnostics;
using System.Runtime.Versioning;
using SwarmOps.Maintenance.Engines;

namespace SwarmOps.Tests.Unit.Maintenance;

/// <summary>The script that installs an engine, in a real shell, with programs of apt that only note how they are called.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EngineInstallScriptTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("engine-").FullName;

    public EngineInstallScriptTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the script is for Linux");
        Program("dpkg-query", "case \"$*\" in *docker-ce-cli*|*containerd.io*) echo ii ;; esac");
        Program("apt-cache", "exit 0");
        Program("dpkg", $"echo \"dpkg $*\" >> {Calls}");
        Program(
            "apt-mark",
            $"[ \"$1\" != showhold ] || {{ echo docker-ce; echo curl; echo containerd.io; exit; }}; echo \"apt-mark $*\" >> {Calls}"
        );
        Program("apt-get", $"echo \"apt-get $*\" >> {Calls}; sleep 0.5; exit ${{APT_CODE:-0}}");
    }

    private string Calls => Path.Combine(folder, "calls");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 1)]
    public async Task What_was_held_is_held_again_whether_the_installation_succeeds_or_not(int aptCode, int expected)
    {
        using var shell = Start(aptCode);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, shell.ExitCode);
        var calls = await File.ReadAllLinesAsync(Calls, TestContext.Current.CancellationToken);
        Assert.Equal("dpkg --configure -a", calls[0]);
        Assert.EndsWith("install docker-ce=5:28.5.2-1 docker-ce-cli=5:28.5.2-1 containerd.io", calls[1], StringComparison.Ordinal);
        // Others that the user holds are not touched.
        Assert.Equal("apt-mark hold docker-ce containerd.io", calls[2]);
    }

    /// <summary>As when the connection is lost: the shell that sshd has started is gone.</summary>
    [Fact]
    public async Task What_was_held_is_held_again_when_the_connection_is_lost()
    {
        using var shell = Start(0);
        await WaitAsync("apt-get");
        shell.Kill(entireProcessTree: false);
        await WaitAsync("apt-mark hold docker-ce containerd.io");
    }

    private async Task WaitAsync(string call)
    {
        var clock = Stopwatch.StartNew();
        while (!File.Exists(Calls) || !(await File.ReadAllTextAsync(Calls, TestContext.Current.CancellationToken)).Contains(call))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"There was no call of {call}.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private Process Start(int aptCode)
    {
        var script = EngineUpgrade
            .InstallScript.Replace("@PACKAGE@", "docker-ce", StringComparison.Ordinal)
            .Replace("@VERSION@", "5:28.5.2-1", StringComparison.Ordinal)
            .Replace("/var/log/", folder + "/", StringComparison.Ordinal);
        var start = new ProcessStartInfo("sh") { RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        start.Environment["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["APT_CODE"] = $"{aptCode}";
        return Process.Start(start)!;
    }

    private void Program(string name, string body)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
