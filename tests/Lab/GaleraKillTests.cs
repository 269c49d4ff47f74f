using System.Diagnostics;
using System.Globalization;

namespace SwarmOps.Tests.Lab;

/// <summary>A New-GaleraService that is killed before any of its calls that change something is finished by the same line, and there is one cluster. Every call with SWARMOPS_GALERA=all.</summary>
public sealed class GaleraKillTests(LabFixture lab) : IDisposable
{
    private static readonly bool AtAll = Environment.GetEnvironmentVariable("SWARMOPS_GALERA") == "all";

    /// <summary>Where a usual run kills: between the directories, with the marker and no service, with all but one service. A run with all points tells which these are.</summary>
    private static readonly int[] Sample = [20, 24, 26];

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Killed_at_remote_calls_in_turn_and_run_again_it_ends_in_one_cluster()
    {
        var nodes = await GaleraGround.FormAsync(lab, session);
        var script = WriteScript();
        var killed = 0;
        try
        {
            for (var (index, point) = (0, 0); AtAll || index < Sample.Length; index++)
            {
                point = AtAll ? point + 1 : Sample[index];
                await GaleraGround.WipeAsync(lab);
                var ended = await KillRun.RunAsync(script, point, "effects") is not null;
                if (!ended)
                {
                    killed++;
                    var left = await LeftAsync();
                    var clock = Stopwatch.StartNew();
                    Assert.True(
                        await KillRun.RunAsync(script, 0, "effects") is not null,
                        $"Killed at point {point}, the second run did not end."
                    );
                    GaleraGround.Say(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"killed at point {point} ({left}): whole {clock.Elapsed.TotalSeconds:0.0} s after the second run began"
                        )
                    );
                }

                await AssertOneAsync(nodes, point);
                if (ended)
                    break;
            }
        }
        finally
        {
            File.Delete(script);
            await GaleraGround.WipeAsync(lab);
        }

        GaleraGround.Say($"New-GaleraService killed and run again at {killed} points, one cluster each time");
        Assert.True(AtAll ? killed >= 12 : killed == Sample.Length, $"Only {killed} runs were killed.");
    }

    /// <summary>One history on every disk and in every node, nothing that could found another, one secret.</summary>
    private async Task AssertOneAsync(IReadOnlyList<SwarmNode> nodes, int point)
    {
        var cluster = (GaleraCluster)session.Run("$n | Get-GaleraCluster -Name galera", ("n", nodes)).ThrowOnError().Objects.Single();
        Assert.True(
            cluster is { Status: GaleraStatus.Healthy, Size: 3, Uuid: not null },
            $"Killed at point {point}: {cluster.Status}, size {cluster.Size}, {string.Join("; ", cluster.Findings)}"
        );
        Assert.DoesNotContain(cluster.GaleraNodes, node => node.HasBootstrapMarker || node.Uuid != cluster.Uuid);
        Assert.All(
            await GaleraGround.OnAllAsync(
                lab,
                "sed -n 's/^uuid: *//p' /srv/mysql/grastate.dat; ls -d /srv/mysql/.swarmops-bootstrap 2>/dev/null || true"
            ),
            text => Assert.Equal(cluster.Uuid, text.Trim())
        );
        Assert.Equal("GALERA_ROOT_PASSWORD", (await ServiceSwarm.ManagerAsync(lab, "docker secret ls --format '{{.Name}}'")).Trim());
        await GaleraGround.AssertWritesReachAllAsync(lab);
    }

    /// <summary>What the killed run had made.</summary>
    private async Task<string> LeftAsync()
    {
        var directories = await GaleraGround.OnAllAsync(
            lab,
            "[ -d /srv/mysql ] && echo yes; ls -d /srv/mysql/.swarmops-bootstrap 2>/dev/null || true"
        );
        var counts = await ServiceSwarm.ManagerAsync(
            lab,
            "echo $(docker secret ls -q | wc -l) secrets, $(docker config ls -q | wc -l) configs, $(docker service ls -q | wc -l) services"
        );
        return $"{directories.Count(text => text.StartsWith("yes", StringComparison.Ordinal))} directories, {directories.Count(text => text.Contains("bootstrap", StringComparison.Ordinal))} markers, {counts.Trim()}";
    }

    private string WriteScript()
    {
        var hosts = lab.Hosts.Select(host =>
            $"New-SwarmNode -Name '{host.Name}' -Region '{host.Region}' -PublicAddress {host.PublicAddress} -PrivateAddress {host.PrivateAddress} -User {host.User} -Port {host.SshPort} -KeyFilePath '{host.KeyFile}' -HostKeyFingerprint '{host.HostKeyFingerprint}'"
        );
        var path = Path.GetTempFileName();
        File.Move(path, path + ".ps1");
        File.WriteAllText(path + ".ps1", $"$null = $(\n{string.Join('\n', hosts)}\n) | New-GaleraService -Overlay db {GaleraGround.Image}");
        return path + ".ps1";
    }
}
