namespace SwarmOps.Tests.Lab;

/// <summary>Workloads that do one wrong thing each: each is named, and what is harmless is not.</summary>
public sealed partial class GaleraApplicationTests
{
    [Fact]
    public async Task Two_regions_that_write_the_same_row_are_named_with_table_and_row()
    {
        await FormAsync();
        await SqlAsync(
            0,
            "CREATE DATABASE IF NOT EXISTS work; CREATE OR REPLACE TABLE work.stock (id INT PRIMARY KEY, n INT); INSERT INTO work.stock VALUES (1, 0)"
        );

        var both = await BesideAsync(
            4,
            "-LogConflicts -Confirm:$false",
            (0, Loop("UPDATE work.stock SET n = n + 1 WHERE id = 1")),
            (1, Loop("UPDATE work.stock SET n = n - 1 WHERE id = 1"))
        );

        Assert.Equal(["WriteConflict"], Problems(both).Select(finding => finding.Check).Distinct());
        Assert.Contains(both.Conflicts, conflict => conflict is { Database: "work", Table: "stock", Row: "id = 1" });
        Assert.Contains(Problems(both), finding => finding.Detail.Contains("'work.stock'", StringComparison.Ordinal));
        Assert.All(await EachAsync("SELECT @@GLOBAL.wsrep_log_conflicts"), value => Assert.Equal("0", value));
    }

    [Fact]
    public async Task A_killed_run_leaves_no_server_that_logs_conflicts_and_an_idle_cluster_is_not_called_well()
    {
        Nightly.SkipUnlessAsked();
        await FormAsync();
        Assert.Empty(session.Run("$n | Test-GaleraWorkload -LogConflicts -Duration 5 -WhatIf", ("n", nodes)).ThrowOnError().Objects);

        // Killed in the middle: each server logs for the rest of the period, then no more.
        var script = Path.Combine(Path.GetTempPath(), $"workload-{Guid.NewGuid():N}.ps1");
        await File.WriteAllTextAsync(
            script,
            $"Import-Module '{Repository.Module}'; $n = @({string.Join(", ", lab.Hosts.Select(host => $"({host.Description})"))}); $n | Test-GaleraWorkload -LogConflicts -Confirm:$false -Duration 10",
            TestContext.Current.CancellationToken
        );
        using (var run = System.Diagnostics.Process.Start(Repository.PowerShell, ["-NoProfile", "-File", script]))
        {
            await ManagerLab.UntilAsync(() => LoggingAsync("1"), 60);
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        File.Delete(script);
        await ManagerLab.UntilAsync(() => LoggingAsync("0"), 60);
        var idle = (GaleraWorkload)session.Run("$n | Test-GaleraWorkload -Duration 2", ("n", nodes)).ThrowOnError().Objects.Single();
        Assert.Equal(["Activity"], Problems(idle).Select(finding => finding.Check));
        Assert.Equal(3, idle.GaleraNodes.Count);

        async Task<(bool, string)> LoggingAsync(string wanted)
        {
            var values = await EachAsync("SELECT @@GLOBAL.wsrep_log_conflicts");
            return (values.All(value => value == wanted), string.Join(", ", values));
        }
    }

    [Fact]
    public async Task A_large_transaction_a_schema_change_and_a_slow_node_are_named()
    {
        Nightly.SkipUnlessAsked();
        await FormAsync();
        await SqlAsync(
            0,
            "CREATE DATABASE IF NOT EXISTS work; CREATE OR REPLACE TABLE work.big (id BIGINT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(1000)); CREATE OR REPLACE TABLE work.small (id BIGINT AUTO_INCREMENT PRIMARY KEY, n INT)"
        );
        var insert = Loop("INSERT INTO work.small (n) VALUES (1)");

        // About 500 MB in one transaction.
        var large = await BesideAsync(90, "", (0, "INSERT INTO work.big (v) SELECT REPEAT(CHAR(120), 1000) FROM work.seq_1_to_500000"));
        var change = await BesideAsync(20, "", (1, "DO SLEEP(4); ALTER TABLE work.big FORCE, ALGORITHM=COPY"), (0, insert));
        var hindered = lab.ExecAsync(
            lab.Hosts[2],
            "end=$(($(date +%s) + 35)); while [ $(date +%s) -lt $end ]; do pkill -STOP mariadbd; sleep 0.45; pkill -CONT mariadbd; sleep 0.05; done"
        );
        var slow = await BesideAsync(20, "", (0, insert), (0, insert), (0, insert), (0, insert));
        await hindered;

        Assert.Contains(Problems(large), finding => finding.Check == "LargeTransaction" && finding.Node == lab.Hosts[0].Name);
        Assert.Contains(Problems(change), finding => finding.Check == "SchemaChange" && finding.Node == lab.Hosts[1].Name);
        Assert.Contains(Problems(slow), finding => finding.Check == "FlowControl" && finding.Node == lab.Hosts[2].Name);
        Assert.DoesNotContain(
            Problems(large).Concat(Problems(change)).Concat(Problems(slow)),
            finding => finding.Check is "WriteConflict" or "NodeRead"
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(80)]
    public async Task Sysbench_in_one_region_raises_no_alarm(int roundTrip)
    {
        Nightly.SkipUnlessAsked();
        await FormAsync();
        await using var distance = await ApartAsync(roundTrip);
        await ProgramAsync("command -v sysbench >/dev/null || apt-get install -y -q sysbench");
        await SqlAsync(0, "CREATE DATABASE IF NOT EXISTS sbtest");
        var password = (
            await lab.ExecAsync(
                lab.Hosts[0],
                "docker exec $(docker ps -q --filter volume=/srv/mysql | head -n 1) cat /run/secrets/GALERA_ROOT_PASSWORD"
            )
        ).Trim();
        var line =
            $"sysbench oltp_read_write --mysql-host={lab.Hosts[0].PublicAddress} --mysql-user=root --mysql-password='{password}' --tables=2 --table-size=2000 --threads=4 --rate=10 --time=40";
        await ProgramAsync($"{line} prepare");

        var running = ProgramAsync($"{line} run");
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        var found = (GaleraWorkload)session.Run("$n | Test-GaleraWorkload -Duration 30", ("n", nodes)).ThrowOnError().Objects.Single();
        TestContext.Current.TestOutputHelper?.WriteLine($"{Words(found)}\n{await running}");
        var schema = session.Run("$n | Test-GaleraSchema -Database sbtest", ("n", nodes)).ThrowOnError().Objects.Cast<GaleraFinding>();

        Assert.Empty(Problems(found));
        Assert.True(found.GaleraNodes[0].CommitsPerSecond > 2, Words(found));
        Assert.All(found.GaleraNodes.Skip(1), node => Assert.Equal(0, node.CommitsPerSecond));
        Assert.DoesNotContain(Problems(schema), finding => finding.Database is not null);
        await SqlAsync(0, "DROP DATABASE sbtest");
    }

    [Fact]
    public async Task Two_regions_80_ms_apart_that_write_the_same_row_are_named()
    {
        Nightly.SkipUnlessAsked();
        await FormAsync();
        await SqlAsync(
            0,
            "CREATE DATABASE IF NOT EXISTS work; CREATE OR REPLACE TABLE work.stock (id INT PRIMARY KEY, n INT); INSERT INTO work.stock VALUES (1, 0)"
        );
        await using var distance = await ApartAsync(80);

        var both = await BesideAsync(
            10,
            "-LogConflicts -Confirm:$false",
            (0, Loop("UPDATE work.stock SET n = n + 1 WHERE id = 1")),
            (1, Loop("UPDATE work.stock SET n = n - 1 WHERE id = 1"))
        );

        Assert.Equal(["WriteConflict"], Problems(both).Select(finding => finding.Check).Distinct());
        Assert.Contains(both.Conflicts, conflict => conflict is { Database: "work", Table: "stock", Row: "id = 1" });
    }

    /// <summary>Sets the round trip between all regions until it is disposed of.</summary>
    private async Task<IAsyncDisposable> ApartAsync(int milliseconds)
    {
        if (milliseconds > 0)
            foreach (var (one, other) in new[] { (0, 1), (0, 2), (1, 2) })
                await lab.OnLabAsync("fault", "slow", $"{lab.Hosts[one].Region}:{lab.Hosts[other].Region}={milliseconds}");
        return new Distance(lab, milliseconds);
    }

    private sealed class Distance(LabFixture lab, int milliseconds) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (milliseconds > 0)
                await lab.OnLabAsync("fault", "heal", "slow");
        }
    }

    private static async Task<string> ProgramAsync(string script)
    {
        var result = await Shell.RunAsync("bash", "-c", script);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"{result.Output}{result.Error}");
    }

    /// <summary>A statement again and again, until the client is ended.</summary>
    private static string Loop(string statement) => $"LOOP:{statement}";

    /// <summary>Tests the workload while clients run statements in regions; they end with the test.</summary>
    private async Task<GaleraWorkload> BesideAsync(int seconds, string options, params (int Host, string Statement)[] clients)
    {
        var running = clients.Select(client => lab.ExecAsync(lab.Hosts[client.Host], Client(client.Statement, seconds + 4))).ToList();
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        var found = (GaleraWorkload)
            session.Run($"$n | Test-GaleraWorkload -Duration {seconds} {options}", ("n", nodes)).ThrowOnError().Objects.Single();
        await Task.WhenAll(running);
        TestContext.Current.TestOutputHelper?.WriteLine(Words(found));
        return found;
    }

    /// <summary>A client that runs a statement once, or two that repeat it; errors of conflicts are what is provoked.</summary>
    private static string Client(string statement, int seconds)
    {
        var (count, body) = statement.StartsWith("LOOP:", StringComparison.Ordinal)
            ? (2, $"end=$((SECONDS + {seconds})); while [ $SECONDS -lt $end ]; do echo '{statement[5..]};'; sleep 0.02; done")
            : (1, $"echo '{statement};'");
        return $"""
            id=$(docker ps -q --filter volume=/srv/mysql | head -n 1)
            file=$(mktemp)
            cat >$file <<'END'
            export MYSQL_PWD=$(cat /run/secrets/GALERA_ROOT_PASSWORD)
            for one in $(seq {count}); do
                ( {body} ) | mariadb -uroot -f >/dev/null 2>&1 &
            done
            wait
            END
            docker exec -i $id bash -s <$file
            rm $file
            """;
    }

    private static IReadOnlyList<GaleraFinding> Problems(GaleraWorkload workload) =>
        [.. workload.Findings.Where(finding => finding.Result != FindingResult.Pass)];

    private static string Words(GaleraWorkload workload) =>
        string.Join(
            '\n',
            workload
                .GaleraNodes.Select(node =>
                    $"{node.Node}: {node.CommitsPerSecond:0.0}/s, {node.CertificationFailures}+{node.BruteForceAborts} conflicts, paused {node.FlowControlPaused:P0}, asked {node.FlowControlSent}, queue {node.ReceiveQueue:0.0}, parallel {node.ParallelismPossible:0.0}, latency {node.ReplicationLatency:0.000}"
                )
                .Concat(
                    Problems(workload)
                        .Select(finding =>
                            $"{finding.Result} {finding.Check} {finding.Node}: {finding.Detail} -> {finding.RecommendedAction}"
                        )
                )
        );
}
