using SwarmOps.Nodes.Installation;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

public sealed class NodesInstallationTests
{
    [Fact]
    public void What_a_host_says_is_read()
    {
        var host = EngineHost.Parse(
            "id ubuntu\nrelease noble\nname Ubuntu 24.04.1 LTS\nuser admin\ngroups admin sudo\nroot yes\nsystemd yes\nclient yes\n"
        );
        Assert.Equal(("ubuntu", "noble", "admin"), (host.Id, host.Release, host.User));
        Assert.True(host.IsSupported);
        Assert.True(host.CanBeRoot);
        Assert.True(host.HasSystemd);
        Assert.False(host.HasEngine);
        Assert.True(host.NeedsGroup);
    }

    [Theory]
    [InlineData("id debian\nuser root\ngroups root\n", true, false)]
    [InlineData("id debian\nuser admin\ngroups admin docker\n", true, false)]
    [InlineData("id alpine\nname Alpine Linux v3.20\nuser root\n", false, false)]
    [InlineData("", false, true)]
    public void Support_and_group_follow(string output, bool supported, bool needsGroup)
    {
        var host = EngineHost.Parse(output);
        Assert.Equal(supported, host.IsSupported);
        Assert.Equal(needsGroup, host.NeedsGroup);
    }

    [Fact]
    public void Docker_CE_is_installed_with_its_key_checked()
    {
        var script = InstallationScript.Install(
            EngineSource.DockerCE,
            EngineHost.Parse("id ubuntu\nrelease noble\nuser root\n"),
            TimeSpan.FromSeconds(600)
        );
        Assert.Contains("https://download.docker.com/linux/ubuntu noble stable", script, StringComparison.Ordinal);
        Assert.Contains(InstallationScript.DockerKeyFingerprint, script, StringComparison.Ordinal);
        Assert.Contains("DPkg::Lock::Timeout=600", script, StringComparison.Ordinal);
        Assert.DoesNotContain("@", script.Replace("\"$@\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Distribution")]
    [InlineData("DockerCE")]
    public void The_script_is_one_that_a_POSIX_shell_can_read(string source)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh on Windows.");
        var script = InstallationScript.Install(
            Enum.Parse<EngineSource>(source),
            EngineHost.Parse("id debian\nrelease bookworm\n"),
            TimeSpan.FromSeconds(60)
        );
        using var shell = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("sh", ["-n"]) { RedirectStandardInput = true, RedirectStandardError = true }
        )!;
        shell.StandardInput.Write(script);
        shell.StandardInput.Close();
        Assert.Equal("", shell.StandardError.ReadToEnd());
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    [Fact]
    public void The_last_lines_of_apt_are_in_the_error()
    {
        var error = InstallationErrors.PackageInstallationFailed(
            new SwarmNode { Name = "a" },
            new CommandResult(100, "Reading package lists...\n\nE: Unable to locate package docker.io\n", "")
        );
        Assert.Contains("E: Unable to locate package docker.io", error.Message, StringComparison.Ordinal);
    }
}
