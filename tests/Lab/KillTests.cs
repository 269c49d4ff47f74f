using System.Globalization;

namespace SwarmOps.Tests.Lab;

/// <summary>A run that is killed anywhere is finished by the same line (issue 2, section 5).</summary>
public sealed class KillTests(LabFixture lab)
{
    private static readonly string Mode = Environment.GetEnvironmentVariable("SWARMOPS_KILL") == "all" ? "all" : "changes";

    /// <summary>
    /// Between two calls that may change something the engines are the same, whatever was read: so a kill before each of these is a kill at
    /// each call. <c>SWARMOPS_KILL=all</c> kills at every call all the same, which takes half an hour (nightly).
    /// </summary>
    [Fact]
    public async Task Killed_at_each_remote_call_in_turn_and_run_again_it_ends_in_one_healthy_swarm()
    {
        var script = WriteScript();
        try
        {
            await lab.ResetAsync();
            var total = await RunAsync(script, killAt: 0) ?? throw new InvalidOperationException("The pipeline does not even run whole.");
            var killed = 0;
            for (var point = 1; point <= total; point++)
            {
                await lab.ResetAsync();
                // How often a wait looks differs from run to run: a shorter one has fewer points.
                if (await RunAsync(script, point) is not null)
                    continue;
                killed++;
                Assert.True(await RunAsync(script, 0) is not null, $"Killed at point {point}, the second run failed.");
                await SwarmFacts.AssertHealthyAsync(lab, managers: 3);
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"killed and run again at {killed} of {total} points");
            Assert.True(killed >= total * 9 / 10, $"Only {killed} of {total} runs were killed.");
        }
        finally
        {
            File.Delete(script);
        }
    }

    /// <summary>The number of points of a run that came to its end; null when it was killed.</summary>
    private static async Task<int?> RunAsync(string script, int killAt)
    {
        var (exitCode, output, error) = await Shell.RunAsync("dotnet", "exec", Repository.KillHost, Repository.Module, script, killAt.ToString(CultureInfo.InvariantCulture), Mode);
        const int killed = 128 + 9;
        if (exitCode == killed)
            return null;
        return exitCode == 0
            ? int.Parse(output.Split("POINTS ")[^1].Trim(), CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"exit code {exitCode}: {output}{error}");
    }

    private string WriteScript()
    {
        var nodes = lab.Hosts.Select(host =>
            $"New-SwarmNode -Name '{host.Name}' -Region '{host.Region}' -PublicAddress {host.PublicAddress} -PrivateAddress {host.PrivateAddress} -User {host.User} -Port {host.SshPort} -KeyFilePath '{host.KeyFile}' -HostKeyFingerprint '{host.HostKeyFingerprint}'");
        var path = Path.GetTempFileName();
        File.WriteAllText(path + ".ps1", $"$(\n{string.Join('\n', nodes)}\n) | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal -WarningAction SilentlyContinue");
        File.Delete(path);
        return path + ".ps1";
    }
}
