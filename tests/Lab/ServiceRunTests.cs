using System.Management.Automation;

namespace SwarmOps.Tests.Lab;

/// <summary>Services on real engines: where they run, what they see, what they say.</summary>
public sealed class ServiceRunTests(LabFixture lab) : IDisposable
{
    private const string Image = "-Image lab/busybox:latest -NoResolveImage -StopGraceSeconds 1";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_container_on_another_continent_reaches_a_service_by_its_name()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session
            .Run(
                $"""
                $null = $n | New-EncryptedOverlay -Name across -Unencrypted
                $null = $n | New-SwarmService -Name server {Image} -Network across -EndpointMode Dnsrr -Constraint node.labels.region==eu-central-1 -StableSeconds 1 -ArgumentList sh, -c, 'mkdir /w; hostname > /w/name; exec httpd -f -p 9000 -h /w' -Hostname from-europe
                $null = $n | New-SwarmService -Name client {Image} -Network across -EndpointMode Dnsrr -Constraint node.labels.region==us-west-1 -StableSeconds 0 -ArgumentList sleep, 900
                """,
                ("n", nodes)
            )
            .ThrowOnError();
        var far = lab.Hosts.Single(host => host.Region == "us-west-1");

        var answer = await lab.ExecAsync(far, "docker exec $(docker ps -q -f name=client) wget -q -O - http://server:9000/name");

        Assert.Equal("from-europe", answer.Trim());
    }

    [Fact]
    public async Task Tasks_are_spread_over_regions_and_variables_come_from_a_file()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            "# a comment\nA=from the file\nB=1=2\nC=also from the file\n",
            TestContext.Current.CancellationToken
        );

        var service = (SwarmService)
            session
                .Run(
                    $"$n | New-SwarmService -Name spread {Image} -Replicas 6 -SpreadOver region -EnvFile '{file}' -Environment @{{ C = 'from the table' }} -StableSeconds 0 -ArgumentList sh, -c, 'env | grep ^[ABC]= | sort; exec sleep 900'",
                    ("n", nodes)
                )
                .ThrowOnError()
                .Objects.Single();
        var log = session.Run("$n | Get-SwarmServiceLog -Name spread", ("n", nodes)).ThrowOnError().Objects.Cast<SwarmLogEntry>().ToList();
        File.Delete(file);

        Assert.Equal([2, 2, 2], service.Tasks.GroupBy(task => task.Region).Select(region => region.Count()));
        Assert.All(
            log.GroupBy(entry => entry.TaskId),
            task => Assert.Equal(["A=from the file", "B=1=2", "C=from the table"], task.Select(entry => entry.Message).Order())
        );
        Assert.Equal(6, log.Select(entry => entry.TaskId).Distinct().Count());
    }

    [Fact]
    public async Task Without_waiting_it_comes_back_at_once_and_a_wait_that_is_too_short_says_so()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);

        var made = (SwarmService)
            session
                .Run(
                    $"$n | New-SwarmService -Name slow {Image} -NoWait -ArgumentList sleep, 900 -HealthCommand 'test -e /tmp/ready' -HealthIntervalSeconds 1 -HealthStartPeriodSeconds 120 -Constraint node.labels.region==us-east-1",
                    ("n", nodes)
                )
                .ThrowOnError()
                .Objects.Single();
        var early = session.Run("$n | Wait-SwarmService -Name slow -TimeoutSeconds 4", ("n", nodes));
        await lab.ExecAsync(
            lab.Hosts.Single(host => host.Region == "us-east-1"),
            "for try in $(seq 50); do docker exec $(docker ps -q -f name=slow) touch /tmp/ready && break; sleep 0.2; done"
        );
        var later = (SwarmService)
            session
                .Run("$n | Wait-SwarmService -Name slow -StableSeconds 1 -TimeoutSeconds 60", ("n", nodes))
                .ThrowOnError()
                .Objects.Single();

        Assert.Equal((1, 0), (made.DesiredCount, made.RunningCount));
        Assert.Equal("ServiceNotConverged", Assert.Single(early.ErrorIds));
        Assert.Contains(
            "did not converge within 4 s: 0 of 1 tasks run; task 1 on us-east-1: starting",
            early.Errors[0].Exception.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(1, later.RunningCount);
    }

    [Fact]
    public async Task A_log_is_followed_over_all_continents_until_it_is_stopped()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session
            .Run(
                $"$n | New-SwarmService -Name chat {Image} -Mode Global -StableSeconds 0 -ArgumentList sh, -c, 'i=0; while :; do i=$((i+1)); echo line $i; sleep 1; done'",
                ("n", nodes)
            )
            .ThrowOnError();

        using var shell = session.Create("$n | Get-SwarmServiceLog -Name chat -Tail 1 -Follow", ("n", nodes));
        using var output = new PSDataCollection<PSObject>();
        var running = shell.BeginInvoke<PSObject, PSObject>(null, output);
        for (var tenths = 0; tenths < 300 && Lines(output).GroupBy(Region).Count(region => region.Count() >= 4) < 3; tenths++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        var stopping = System.Diagnostics.Stopwatch.StartNew();
        await Task.Run(shell.Stop, TestContext.Current.CancellationToken);

        Assert.InRange(stopping.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.True(running.IsCompleted);
        Assert.Empty(shell.Streams.Error);
        Assert.Equal(lab.Hosts.Select(host => host.Region).Order(), Lines(output).Select(Region).Distinct().Order());
        Assert.All(
            Lines(output).GroupBy(Region),
            region => Assert.Equal(region.Select(entry => Number(entry)).Order().Distinct(), region.Select(entry => Number(entry)))
        );
    }

    [Fact]
    public async Task A_failure_names_every_node_and_what_was_replaced_is_shown_on_request()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);

        var outcome = session.Run(
            $"$n | New-SwarmService -Name gone -Image nowhere.invalid/none:1 -NoResolveImage -Mode Global",
            ("n", nodes)
        );
        var shown = session.Run("$n | Get-SwarmTask -Service gone", ("n", nodes)).ThrowOnError().Objects.Cast<SwarmTask>().ToList();
        var all = session.Run("$n | Get-SwarmTask -Service gone -All", ("n", nodes)).ThrowOnError().Objects.Cast<SwarmTask>().ToList();

        Assert.Equal("ServiceNotConverged", Assert.Single(outcome.ErrorIds));
        Assert.All(lab.Hosts, host => Assert.Contains($"{host.Name}: ", outcome.Errors[0].Exception.Message, StringComparison.Ordinal));
        Assert.Contains("No such image: nowhere.invalid/none:1", outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(3, shown.Count);
        Assert.All(all.GroupBy(task => task.Region), region => Assert.True(region.Count() >= 2));
        Assert.Contains(
            all,
            task =>
                task is { State: "rejected", DesiredState: "shutdown" } && task.Error!.StartsWith("No such image", StringComparison.Ordinal)
        );
    }

    /// <summary>What has come by now: an enumerator would wait for the end.</summary>
    private static List<PSObject> Lines(PSDataCollection<PSObject> output) =>
        [.. Enumerable.Range(0, output.Count).Select(index => output[index])];

    private static string Region(PSObject entry) => ((SwarmLogEntry)entry.BaseObject).Region ?? "";

    private static int Number(PSObject entry) => int.Parse(((SwarmLogEntry)entry.BaseObject).Message.Split(' ')[1]);
}
