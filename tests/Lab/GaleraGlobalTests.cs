using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace SwarmOps.Tests.Lab;

/// <summary>The recipe of one global service: what the engine is told, and that it becomes one cluster and stays one (-Layout Global).</summary>
public sealed class GaleraGlobalTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task One_global_service_is_what_the_recipe_says_forms_one_cluster_and_is_restarted_node_by_node()
    {
        var nodes = await GaleraGround.FormAsync(lab, session);
        var line = $"$n | New-GaleraService -Overlay db -Layout Global {GaleraGround.Image}";
        var clock = Stopwatch.StartNew();

        var made = (GaleraCluster)session.Run(line, ("n", nodes)).ThrowOnError().Objects.Single();

        GaleraGround.Say(
            string.Create(CultureInfo.InvariantCulture, $"Global: Synced {clock.Elapsed.TotalSeconds:0.0} s after it was asked for")
        );
        GaleraGround.AssertWhole(made);
        Assert.Equal(GaleraLayout.Global, made.Layout);
        Assert.All(made.GaleraNodes, node => Assert.Equal("galera", node.LocalName));
        await GaleraGround.AssertWritesReachAllAsync(lab);
        AssertRecipe(JsonNode.Parse(await ServiceSwarm.ManagerAsync(lab, "docker service inspect galera"))![0]!["Spec"]!);

        var versions = await GaleraGround.VersionsAsync(lab);
        Assert.Equal(made.Uuid, ((GaleraCluster)session.Run(line, ("n", nodes)).ThrowOnError().Objects.Single()).Uuid);
        Assert.Equal(versions, await GaleraGround.VersionsAsync(lab));

        clock.Restart();
        var restarted = session.Run("$n | Step-GaleraRestart -Verbose", ("n", nodes)).ThrowOnError();
        GaleraGround.Say(
            string.Create(CultureInfo.InvariantCulture, $"Global: restarted node by node in {clock.Elapsed.TotalSeconds:0.0} s")
        );
        Assert.Equal(
            lab.Hosts.Select(host => host.Name).Order(),
            restarted
                .Verbose.Where(text => text.Contains("is Synced again", StringComparison.Ordinal))
                .Select(text => text.Split('\'')[1])
                .Order()
        );
        var after = (GaleraCluster)restarted.Objects.Single();
        Assert.Equal((GaleraStatus.Healthy, made.Uuid, 3), (after.Status, after.Uuid, after.Size));
        await GaleraGround.AssertWritesReachAllAsync(lab);

        await AssertChangedAsync(nodes);
        await GaleraGround.OnAllAsync(lab, "pkill -9 mariadbd");
        await AssertRepairedAsync(nodes, made, "kill -9 of all");
        await ServiceSwarm.ManagerAsync(lab, "docker service update -q -d --constraint-add node.platform.os==none galera >/dev/null");
        await GaleraGround.OnAllAsync(
            lab,
            "for try in $(seq 240); do [ -n \"$(docker ps -q -f volume=/srv/mysql)\" ] || exit 0; sleep 0.5; done; exit 1"
        );
        await ServiceSwarm.ManagerAsync(lab, "docker service update -q -d --constraint-rm node.platform.os==none galera >/dev/null");
        await AssertRepairedAsync(nodes, made, "graceful stop of all");
    }

    /// <summary>A change of the one service, cut off after its first node and finished by the same line; then one that no server bears.</summary>
    private async Task AssertChangedAsync(IReadOnlyList<SwarmNode> nodes)
    {
        const string policy = "docker service inspect -f '{{json .Spec.UpdateConfig}} {{json .Spec.Labels}}' galera";
        const string line = "$n | Step-GaleraRestart -MariaDbOption @{ 'max-connections' = '123' } -Verbose";
        var before = await ServiceSwarm.ManagerAsync(lab, policy);
        var clock = Stopwatch.StartNew();
        using (var shell = session.Create(line, ("n", nodes)))
        {
            var running = shell.BeginInvoke();
            for (
                var tenths = 0;
                tenths < 1200
                    && !shell.Streams.Verbose.ToArray().Any(record => record.Message.Contains("is Synced again", StringComparison.Ordinal));
                tenths++
            )
                await Task.Delay(100, TestContext.Current.CancellationToken);
            await Task.Run(shell.Stop, TestContext.Current.CancellationToken);
            Assert.True(running.IsCompleted);
        }

        var values = await ValuesAsync();
        Assert.Contains("123", values);
        Assert.Contains(values, value => value != "123");
        Assert.Equal("GaleraChangeUnfinished", Assert.Single(session.Run("$n | Step-GaleraRestart", ("n", nodes)).ErrorIds));

        var changed = session.Run(line, ("n", nodes)).ThrowOnError();
        GaleraGround.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Global: an option changed, cut off and finished, in {clock.Elapsed.TotalSeconds:0.0} s"
            )
        );
        Assert.InRange(changed.Verbose.Count(text => text.Contains("is Synced again", StringComparison.Ordinal)), 1, 2);
        GaleraGround.AssertWhole((GaleraCluster)changed.Objects.Single());
        Assert.Equal(["123", "123", "123"], await ValuesAsync());
        Assert.Equal(before, await ServiceSwarm.ManagerAsync(lab, policy));
        Assert.DoesNotContain(
            session.Run(line, ("n", nodes)).ThrowOnError().Verbose,
            text => text.Contains("is Synced again", StringComparison.Ordinal)
        );
        Assert.Equal("GaleraLastNeedsServices", Assert.Single(session.Run(line + " -Last eu-central-1", ("n", nodes)).ErrorIds));

        var bad = session.Run("$n | Step-GaleraRestart -MariaDbOption @{ 'no-server-has-this' = '1' }", ("n", nodes));
        Assert.Equal("GaleraRestartStopped", Assert.Single(bad.ErrorIds));
        Assert.Contains("no-server-has-this", bad.Errors[0].Exception.Message, StringComparison.Ordinal);
        var mended = session.Run("$n | Step-GaleraRestart -MariaDbOption @{ 'no-server-has-this' = $null }", ("n", nodes)).ThrowOnError();
        GaleraGround.AssertWhole((GaleraCluster)mended.Objects.Single());
        Assert.Equal(before, await ServiceSwarm.ManagerAsync(lab, policy));
        await GaleraGround.AssertWritesReachAllAsync(lab);
    }

    private async Task<IReadOnlyList<string>> ValuesAsync() =>
        [
            .. (await Task.WhenAll(lab.Hosts.Select(host => GaleraGround.SqlAsync(lab, host, "SELECT @@max_connections")))).Select(value =>
                value.Trim()
            ),
        ];

    private async Task AssertRepairedAsync(IReadOnlyList<SwarmNode> nodes, GaleraCluster made, string what)
    {
        var clock = Stopwatch.StartNew();
        var repaired = (GaleraCluster)session.Run("$n | Repair-GaleraCluster", ("n", nodes)).ThrowOnError().Objects.Single();
        GaleraGround.Say(string.Create(CultureInfo.InvariantCulture, $"Global: {what}: whole after {clock.Elapsed.TotalSeconds:0.0} s"));
        GaleraGround.AssertWhole(repaired);
        Assert.Equal(made.Uuid, repaired.Uuid);
        Assert.Equal(
            lab.Hosts.Count.ToString(CultureInfo.InvariantCulture),
            (await GaleraGround.SqlAsync(lab, lab.Hosts[1], "SELECT COUNT(*) FROM seen.t")).Trim()
        );
        await GaleraGround.AssertWritesReachAllAsync(lab);
    }

    /// <summary>Word for word what the recipe's <c>docker service create</c> says.</summary>
    private static void AssertRecipe(JsonNode spec)
    {
        var task = spec["TaskTemplate"]!;
        var container = task["ContainerSpec"]!;
        var environment = container["Env"]!.AsArray().Select(item => (string?)item).ToList();
        var secret = Assert.Single(container["Secrets"]!.AsArray())!;
        var mount = Assert.Single(container["Mounts"]!.AsArray())!;

        Assert.NotNull(spec["Mode"]!["Global"]);
        Assert.Equal("dnsrr", (string?)spec["EndpointSpec"]!["Mode"]);
        Assert.Single(task["Networks"]!.AsArray());
        Assert.Equal(("GALERA_ROOT_PASSWORD", "GALERA_ROOT_PASSWORD"), ((string?)secret["SecretName"], (string?)secret["File"]!["Name"]));
        Assert.Equal(Convert.ToInt32("0400", 8), (int)secret["File"]!["Mode"]!);
        Assert.Equal(
            ("bind", "/srv/mysql", "/var/lib/mysql"),
            ((string?)mount["Type"], (string?)mount["Source"], (string?)mount["Target"])
        );
        Assert.Null(mount["ReadOnly"]);
        Assert.Contains("MARIADB_ROOT_PASSWORD_FILE=/run/secrets/GALERA_ROOT_PASSWORD", environment);
        Assert.Contains("WSREP_CLUSTER_NAME=galera", environment);
        Assert.Contains("WSREP_CLUSTER_DNSNAME=tasks.galera", environment);
        Assert.DoesNotContain(environment, variable => variable!.StartsWith("MARIADB_ROOT_PASSWORD=", StringComparison.Ordinal));
    }
}
