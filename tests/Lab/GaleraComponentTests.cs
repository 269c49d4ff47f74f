using System.Diagnostics;

namespace SwarmOps.Tests.Lab;

/// <summary>Two Primary components of one history, because a node was told by force to begin while others ran: a split that no uuid shows.</summary>
public sealed class GaleraComponentTests(LabFixture lab) : IDisposable
{
    private static readonly bool AtAll = Environment.GetEnvironmentVariable("SWARMOPS_GALERA") == "all";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Two_components_of_one_history_are_a_split_that_is_named_and_repaired()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var nodes = await GaleraGround.FormAsync(lab, session);
        session.Run($"$n | New-GaleraService -Overlay db {GaleraGround.Image}", ("n", nodes)).ThrowOnError();
        await GaleraGround.SqlAsync(lab, lab.Hosts[0], "CREATE DATABASE side; CREATE TABLE side.t (id VARCHAR(20) PRIMARY KEY)");
        await SplitAsync();
        var (majority, alone) = (lab.Hosts[0], lab.Hosts[2]);
        await GaleraGround.SqlAsync(lab, majority, "INSERT INTO side.t VALUES ('majority')");
        await GaleraGround.SqlAsync(lab, alone, "INSERT INTO side.t VALUES ('alone')");

        var split = (GaleraCluster)session.Run("$n | Get-GaleraCluster -Name galera", ("n", nodes)).ThrowOnError().Objects.Single();
        Assert.All(split.GaleraNodes, node => Assert.Equal(("Synced", "Primary"), (node.State, node.ClusterStatus)));
        Assert.Single(split.GaleraNodes.Select(node => node.Uuid).Distinct());
        var uuid = split.GaleraNodes[0].Uuid;
        var formed = session.Run($"$n | New-GaleraService -Overlay db {GaleraGround.Image} -TimeoutSeconds 20", ("n", nodes));
        var refused = session.Run("$n | Repair-GaleraCluster -TimeoutSeconds 20", ("n", nodes));
        var byUuid = session.Run("$n | Repair-GaleraCluster -TimeoutSeconds 20 -Uuid $u", ("n", nodes), ("u", uuid));

        Assert.Equal((GaleraStatus.Split, null), (split.Status, split.Uuid));
        Assert.Contains(
            split.Findings,
            finding =>
                finding.StartsWith("split: ", StringComparison.Ordinal)
                && finding.Contains(alone.Name, StringComparison.Ordinal)
                && finding.Contains("-From", StringComparison.Ordinal)
        );
        Assert.Equal("GaleraSplit", Assert.Single(formed.ErrorIds));
        Assert.Equal("GaleraComponentsDiffer", Assert.Single(refused.ErrorIds));
        Assert.Equal("GaleraComponentsDiffer", Assert.Single(byUuid.ErrorIds));

        var repaired = session.Run("$n | Repair-GaleraCluster -From $f", ("n", nodes), ("f", majority.Name)).ThrowOnError();

        GaleraGround.AssertWhole((GaleraCluster)repaired.Objects.Single());
        Assert.Equal(uuid, ((GaleraCluster)repaired.Objects.Single()).Uuid);
        foreach (var host in lab.Hosts)
            Assert.Equal("majority", (await GaleraGround.SqlAsync(lab, host, "SELECT id FROM side.t")).Trim());
        Assert.NotEqual("", (await lab.ExecAsync(alone, "ls /srv/mysql.aside-*/ibdata1")).Trim());
        await GaleraGround.AssertWritesReachAllAsync(lab);
        await GaleraGround.WipeAsync(lab);
    }

    /// <summary>All stopped in order; the first two begin again together, and the third is told to begin, too, while it is cut off.</summary>
    private async Task SplitAsync()
    {
        foreach (var host in lab.Hosts)
            await ServiceSwarm.ManagerAsync(lab, $"docker service update -q --detach --replicas 0 galera-{host.Region} >/dev/null");
        await GaleraGround.OnAllAsync(
            lab,
            "for try in $(seq 260); do [ -n \"$(docker ps -q -f name=galera-)\" ] || exit 0; sleep 0.5; done; exit 1"
        );
        await lab.OnLabAsync("fault", "drop", lab.Hosts[2].Name, "4789/udp");
        await lab.ExecAsync(lab.Hosts[0], "touch /srv/mysql/.swarmops-bootstrap");
        await lab.ExecAsync(lab.Hosts[2], "touch /srv/mysql/.swarmops-bootstrap");
        foreach (var host in lab.Hosts)
            await ServiceSwarm.ManagerAsync(lab, $"docker service update -q --detach --replicas 1 galera-{host.Region} >/dev/null");
        await SyncedAsync(lab.Hosts[0], 2);
        await SyncedAsync(lab.Hosts[1], 2);
        await SyncedAsync(lab.Hosts[2], 1);
        await lab.OnLabAsync("fault", "heal");
    }

    private async Task SyncedAsync(LabHost host, int size)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var said = "";
            try
            {
                said = await GaleraGround.SqlAsync(
                    lab,
                    host,
                    "SHOW STATUS WHERE Variable_name IN ('wsrep_cluster_size', 'wsrep_cluster_status', 'wsrep_local_state_comment')"
                );
            }
            catch (InvalidOperationException)
            {
                // No server yet.
            }

            if (
                said.Contains("Synced", StringComparison.Ordinal)
                && said.Contains("Primary", StringComparison.Ordinal)
                && said.Contains($"wsrep_cluster_size\t{size}", StringComparison.Ordinal)
            )
                return;
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"{host.Name} is not Synced in a component of {size}: {said}");
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
    }
}
