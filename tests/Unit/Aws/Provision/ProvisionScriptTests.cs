using System.Diagnostics;
using SwarmOps.Aws.Provision;

namespace SwarmOps.Tests.Unit;

/// <summary>What runs on new hosts, and the key that opens them, read by the programs that will read them.</summary>
public sealed class ProvisionScriptTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task User_data_is_a_script_that_a_shell_understands_and_fits_into_EC2s_limit()
    {
        var script = UserData.Script("shop-eu-central-1-1", "ubuntu");
        var path = Path.Combine(folder, "user-data");
        await File.WriteAllTextAsync(path, script, TestContext.Current.CancellationToken);

        Assert.Equal(0, (await RunAsync("sh", "-n", path)).ExitCode);
        Assert.StartsWith("#!/bin/sh\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", script, StringComparison.Ordinal);
        Assert.DoesNotMatch("@[A-Z]+@", script);
        Assert.Equal(script, UserData.Script("shop-eu-central-1-1", "ubuntu"));
        Assert.InRange(script.Length, 1, 16 * 1024);
    }

    [Fact]
    public async Task The_state_of_the_first_boot_is_asked_by_a_script_that_a_shell_understands()
    {
        var answer = await RunAsync("sh", "-c", CloudInitReport.Script);

        Assert.Equal(0, answer.ExitCode);
        Assert.True(CloudInitReport.Parse(answer.Output).HasEnded);
    }

    [Fact]
    public async Task A_key_that_was_made_is_one_for_OpenSSH_too()
    {
        var request = Request(Path.Combine(folder, ".ssh", "swarmops-shop"));
        Assert.Null(ClusterKey.Read(request));

        var made = ClusterKey.Generate(request);

        var theirs = await RunAsync("ssh-keygen", "-y", "-f", request.KeyFilePath!);
        var fingerprint = await RunAsync("ssh-keygen", "-l", "-f", request.KeyFilePath!);
        Assert.True(SshKeyPair.IsSame(made, theirs.Output), theirs.Output);
        Assert.True(SshKeyPair.IsSame(made, ClusterKey.Read(request)!));
        Assert.Contains(SshKeyPair.Fingerprint(made), fingerprint.Output, StringComparison.Ordinal);
        Assert.True(
            SshKeyPair.IsSame(made, await File.ReadAllTextAsync(request.KeyFilePath + ".pub", TestContext.Current.CancellationToken))
        );
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(request.KeyFilePath!));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(folder, ".ssh")).Length);
        Assert.True(SshKeyPair.IsSame(made, ClusterKey.Generate(request)), "A key that is there is never overwritten.");
    }

    [Fact]
    public async Task The_public_half_of_a_users_own_keys_is_found()
    {
        foreach (var (type, expected) in new[] { ("ed25519", "ssh-ed25519"), ("rsa", "ssh-rsa") })
        {
            var path = Path.Combine(folder, type);
            await RunAsync("ssh-keygen", "-q", "-t", type, "-N", "", "-f", path);
            var found = ClusterKey.Read(Request(path))!;
            Assert.True(SshKeyPair.IsSame(found, await File.ReadAllTextAsync(path + ".pub", TestContext.Current.CancellationToken)), found);
            Assert.StartsWith(expected, found, StringComparison.Ordinal);
        }

        await RunAsync("ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", Path.Combine(folder, "ecdsa"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", Path.Combine(folder, "locked"));
        await File.WriteAllTextAsync(Path.Combine(folder, "rubbish"), "rubbish", TestContext.Current.CancellationToken);
        Assert.Equal("ClusterKeyTypeRefused", Refused("ecdsa"));
        Assert.Equal("ClusterKeyUnreadable", Refused("locked"));
        Assert.Equal("ClusterKeyUnreadable", Refused("rubbish"));
    }

    private string Refused(string name) =>
        Assert.Throws<SwarmOpsException>(() => ClusterKey.Read(Request(Path.Combine(folder, name)))).ErrorId;

    private static ProvisionRequest Request(string keyFile) =>
        new()
        {
            Cluster = "shop",
            Regions = ["eu-central-1"],
            InstanceType = "t3.small",
            KeyFilePath = keyFile,
        };

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            }
        )!;
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + error);
    }
}
