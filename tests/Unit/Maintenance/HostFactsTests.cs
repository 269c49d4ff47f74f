using System.Diagnostics;
using System.Runtime.Versioning;
using SwarmOps.Maintenance.Fleet;

namespace SwarmOps.Tests.Unit.Maintenance;

/// <summary>What a host needs, read by the script in a real shell with an apt-get of the test's own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class HostFactsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("facts-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("echo 'Inst a'; echo 'Inst b'; echo 'Conf a'", 2)]
    [InlineData("echo 'Reading package lists...'", 0)]
    [InlineData("echo 'E: dpkg was interrupted' >&2; exit 100", null)]
    public async Task An_apt_that_fails_is_not_taken_for_a_host_that_is_up_to_date(string apt, int? updates)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the script is for Linux");
        var program = Path.Combine(folder, "apt-get");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n{apt}\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(program, (UnixFileMode)0x1ED);
        var start = new ProcessStartInfo("/bin/sh", ["-c", MaintainedHost.Facts]) { RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
        using var shell = Process.Start(start)!;
        var state = HostState.Parse(await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));

        Assert.True(state.HasApt);
        Assert.NotEqual("", state.BootId);
        Assert.Equal(updates, state.Updates);
    }
}
