using System.Diagnostics;

namespace SwarmOps.Tests.Lab;

/// <summary>Who shares the applications' overlay with a database can reach its port 4567, and must not become a member of it.</summary>
public sealed class GaleraIntruderTests(LabFixture lab) : IDisposable
{
    private static readonly bool AtAll = Environment.GetEnvironmentVariable("SWARMOPS_GALERA") == "all";

    /// <summary>A member that votes needs no data of its own: all that it has to know is the cluster's name.</summary>
    private const string Plain = "exec garbd --group=galera --address=gcomm://tasks.galera:4567";

    /// <summary>And one with certificates, that it made itself.</summary>
    private const string SelfSigned = """
        cd /tmp && openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=galera 2>/dev/null
        exec garbd --group=galera --address=gcomm://tasks.galera:4567 --options="socket.ssl=yes;socket.ssl_key=/tmp/key.pem;socket.ssl_cert=/tmp/cert.pem;socket.ssl_ca=/tmp/cert.pem"
        """;

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Theory]
    [InlineData("PerRegion")]
    [InlineData("Global")]
    public async Task A_container_on_the_applications_overlay_cannot_join(string layout)
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var nodes = await GaleraGround.FormAsync(lab, session);
        session.Run($"$n | New-GaleraService -Overlay db {GaleraGround.Image} -Layout {layout}", ("n", nodes)).ThrowOnError();

        await AssertKeptOutAsync(lab);

        GaleraGround.AssertWhole(
            (GaleraCluster)session.Run("$n | Get-GaleraCluster -Name galera", ("n", nodes)).ThrowOnError().Objects.Single()
        );
        await GaleraGround.WipeAsync(lab);
    }

    [Fact]
    public async Task A_cluster_without_TLS_stays_as_it_is_and_is_told_of()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var nodes = await GaleraGround.FormAsync(lab, session);
        var line = $"$n | New-GaleraService -Overlay db {GaleraGround.Image}";
        var plain = (GaleraCluster)session.Run(line + " -Tls:$false", ("n", nodes)).ThrowOnError().Objects.Single();
        var versions = await GaleraGround.VersionsAsync(lab);
        var containers = await GaleraGround.OnAllAsync(lab, "docker ps -q -f name=galera-");

        // The line of an earlier version, which knew no other default.
        var again = session.Run(line, ("n", nodes)).ThrowOnError();
        var wanted = session.Run(line + " -Tls", ("n", nodes));

        Assert.Equal(plain.Uuid, ((GaleraCluster)again.Objects.Single()).Uuid);
        Assert.Contains("without TLS", Assert.Single(again.Warnings), StringComparison.Ordinal);
        Assert.Equal("GaleraTlsDiffers", Assert.Single(wanted.ErrorIds));
        Assert.Equal(versions, await GaleraGround.VersionsAsync(lab));
        Assert.Equal(containers, await GaleraGround.OnAllAsync(lab, "docker ps -q -f name=galera-"));

        // How docs/galera.md switches it.
        await GaleraGround.AssertWritesReachAllAsync(lab);
        session.Run("$n | Remove-GaleraService -Name galera -Confirm:$false", ("n", nodes)).ThrowOnError();
        await Task.WhenAll(lab.Hosts.Skip(1).Select(host => lab.ExecAsync(host, "mv /srv/mysql /srv/mysql.aside")));
        await lab.ExecAsync(lab.Hosts[0], "touch /srv/mysql/.swarmops-bootstrap");
        var switched = (GaleraCluster)session.Run(line + " -Tls", ("n", nodes)).ThrowOnError().Objects.Single();
        GaleraGround.AssertWhole(switched);
        Assert.Equal(plain.Uuid, switched.Uuid);
        Assert.Contains(
            "socket.ssl = YES",
            await GaleraGround.SqlAsync(lab, lab.Hosts[2], "SELECT @@wsrep_provider_options"),
            StringComparison.OrdinalIgnoreCase
        );
        Assert.Equal("3", (await GaleraGround.SqlAsync(lab, lab.Hosts[2], "SELECT COUNT(*) FROM seen.t")).Trim());
        await GaleraGround.WipeAsync(lab);
    }

    /// <summary>Two that try, each until it gives up; the cluster never counts one of them.</summary>
    internal static async Task AssertKeptOutAsync(LabFixture lab)
    {
        foreach (var (name, script) in new[] { ("intruder-plain", Plain), ("intruder-signed", SelfSigned) })
        {
            await ServiceSwarm.ManagerAsync(
                lab,
                $$"""
                docker service create -q -d --no-resolve-image --name {{name}} --network db --endpoint-mode dnsrr --restart-condition none --constraint node.hostname=={{lab.Hosts[
                    1
                ].Name}} --entrypoint bash lab/mariadb:10.11 -c '{{script}}' >/dev/null
                """
            );
        }

        try
        {
            var clock = Stopwatch.StartNew();
            var size = "";
            var states = "";
            do
            {
                size = (await GaleraGround.SqlAsync(lab, lab.Hosts[0], "SHOW STATUS LIKE 'wsrep_cluster_size'")).Trim();
                Assert.Equal("wsrep_cluster_size\t3", size);
                states = await ServiceSwarm.ManagerAsync(
                    lab,
                    "docker service ps --format '{{.CurrentState}}' intruder-plain intruder-signed"
                );
                await Task.Delay(500, TestContext.Current.CancellationToken);
            } while (
                states
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Count(state => state.StartsWith("Failed", StringComparison.Ordinal)) < 2
                && clock.Elapsed < TimeSpan.FromMinutes(3)
            );

            Assert.Equal(
                2,
                states
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Count(state => state.StartsWith("Failed", StringComparison.Ordinal))
            );
            Assert.Equal(
                "wsrep_cluster_size\t3",
                (await GaleraGround.SqlAsync(lab, lab.Hosts[0], "SHOW STATUS LIKE 'wsrep_cluster_size'")).Trim()
            );
        }
        finally
        {
            await ServiceSwarm.ManagerAsync(lab, "docker service rm intruder-plain intruder-signed >/dev/null");
        }
    }
}
