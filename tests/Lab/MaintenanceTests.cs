using static SwarmOps.Tests.Lab.GeoDnsGround;

namespace SwarmOps.Tests.Lab;

/// <summary>The maintenance of all nodes of a swarm, one after the other.</summary>
public sealed class MaintenanceTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_script_runs_on_suspended_nodes_stops_at_the_first_trouble_and_goes_on_from_there()
    {
        var nodes = await FormAsync();
        var workers = lab.Hosts.Skip(1).ToList();
        await Task.WhenAll(workers.Select(host => lab.ExecAsync(host, "rm -f /run/allowed /run/ran")));
        // The node reports what it is while the script runs: drained, with no task on it.
        const string script = "test -e /run/allowed || exit 3; docker ps -q --filter label=com.docker.swarm.task | wc -l >>/run/ran";
        session
            .Run(
                "$n | New-SwarmService -Name agent -Mode Global -Image lab/busybox:latest -NoResolveImage -ArgumentList sleep, 100000 -StopGraceSeconds 1 -StableSeconds 0",
                ("n", nodes)
            )
            .ThrowOnError();
        Outcome Invoke(string more = "") =>
            session.Run(
                $"$n | Invoke-SwarmMaintenance -Action Script -Script $s -Name us-* -Confirm:$false {more}",
                ("n", nodes),
                ("s", script)
            );

        Assert.Empty(Invoke("-WhatIf").ThrowOnError().Objects);
        Assert.Empty(session.Run("$n | Get-SwarmMaintenance", ("n", nodes)).ThrowOnError().Objects);
        await lab.ExecAsync(workers[0], "touch /run/allowed");

        var stopped = Invoke();
        Assert.Equal(["MaintenanceStopped"], stopped.ErrorIds);
        Assert.Contains($"stopped at '{workers[1].Name}'", stopped.Errors[0].Exception.Message, StringComparison.Ordinal);
        var half = Get(nodes);
        Assert.Equal((1, false), (half.DoneCount, half.IsComplete));
        Assert.Equal(SwarmMaintenanceState.Failed, half.Steps.Single(step => step.Node == workers[1].Name).State);
        Assert.Equal("drain", await AvailabilityAsync(workers[1]));
        Assert.Equal("active", await AvailabilityAsync(workers[0]));
        Assert.Equal(
            ["MaintenanceUnfinished"],
            session.Run("$n | Invoke-SwarmMaintenance -Action Reboot -Confirm:$false", ("n", nodes)).ErrorIds
        );

        await lab.ExecAsync(workers[1], "touch /run/allowed");
        var done = Assert.IsType<SwarmMaintenance>(Assert.Single(Invoke().ThrowOnError().Objects));
        Assert.Equal((2, true, 2), (done.DoneCount, done.IsComplete, done.Steps.Count));
        foreach (var worker in workers)
        {
            Assert.Equal("active", await AvailabilityAsync(worker));
            // Once each, and without a task.
            Assert.Equal("0", (await lab.ExecAsync(worker, "cat /run/ran")).Trim());
        }
    }

    [Fact]
    public async Task The_leader_is_no_manager_while_it_is_maintained_and_one_again_afterwards()
    {
        var nodes = await FormAsync();
        session.Run("$n | Step-SwarmPromotion -SkipReachabilityTest", ("n", nodes)).ThrowOnError();
        var leader = lab.Hosts[0];
        await lab.ExecAsync(leader, "rm -f /run/ran");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var done = (SwarmMaintenance)
            session
                .Run(
                    $"$n | Invoke-SwarmMaintenance -Action Script -Script \"docker info -f '{{{{.Swarm.ControlAvailable}}}}' >/run/ran\" -Name {leader.Name} -Confirm:$false",
                    ("n", nodes)
                )
                .ThrowOnError()
                .Objects.Single();

        TestContext.Current.TestOutputHelper?.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal("leadership handed over, script ran", done.Steps.Single().Detail);
        Assert.Equal("false", (await lab.ExecAsync(leader, "cat /run/ran")).Trim());
        var managers = await lab.ExecAsync(leader, "docker node ls --format '{{.Hostname}} {{.ManagerStatus}}'");
        Assert.Contains($"{leader.Name} Reachable", managers, StringComparison.Ordinal);
        Assert.Contains(" Leader", managers, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "swarmops.",
            await lab.ExecAsync(leader, "docker node inspect -f '{{.Spec.Labels}}' self"),
            StringComparison.Ordinal
        );
        // The other tests of this class have one manager, the first host.
        await lab.ResetAsync();
    }

    [Fact]
    public async Task Two_regions_are_maintained_at_the_same_time()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        // Each waits until the other host has begun, too: one after the other, the first would wait in vain.
        const string script = "touch /srv/begun; for try in $(seq 200); do [ -e /srv/go ] && exit 0; sleep 0.1; done; exit 1";
        var workers = lab.Hosts.Skip(1).ToList();
        await Task.WhenAll(workers.Select(host => lab.ExecAsync(host, "rm -f /srv/begun /srv/go")));
        var signal = Task.Run(
            async () =>
            {
                await Task.WhenAll(
                    workers.Select(host =>
                        lab.ExecAsync(host, "for try in $(seq 300); do [ -e /srv/begun ] && exit 0; sleep 0.1; done; exit 1")
                    )
                );
                await Task.WhenAll(workers.Select(host => lab.ExecAsync(host, "touch /srv/go")));
            },
            TestContext.Current.CancellationToken
        );
        var done = (SwarmMaintenance)
            session
                .Run(
                    "$n | Invoke-SwarmMaintenance -Action Script -Script $s -Name us-* -Parallel -Confirm:$false",
                    ("n", nodes),
                    ("s", script)
                )
                .ThrowOnError()
                .Objects.Single();
        await signal;
        Assert.Equal((2, true), (done.DoneCount, done.IsComplete));
    }

    [Fact]
    public async Task All_hosts_are_patched_and_rebooted_and_clients_that_follow_DNS_see_no_failed_page()
    {
        Nightly.SkipUnlessAsked();
        var ground = await GeoDnsGround.FormAsync(lab, session);
        ground.Run("$n | Step-SwarmPromotion");
        ground.Run(ground.Create());
        var boots = await BootsAsync();
        // What a kernel package would have left.
        await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "touch /run/reboot-required")));
        using var readers = new OutsideReaders(lab);
        readers.Start();

        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var done = (SwarmMaintenance)ground.Run("$n | Invoke-SwarmMaintenance -Action Patch -Confirm:$false").Objects.Single();

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"patched and rebooted {done.DoneCount} hosts in {System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds:0} s: {string.Join("; ", done.Steps.Select(step => $"{step.Node} {step.Detail}"))}"
        );
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        var read = await readers.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(
                "; ",
                read.Select(reader =>
                    $"{reader.Region} {reader.Pages} pages, {reader.Failures.Count} failures {string.Join(", ", reader.Failures.Take(3))}"
                )
            )
        );
        Assert.All(read, reader => Assert.Empty(reader.Failures));
        Assert.All(read, reader => Assert.True(reader.Pages > 200));
        Assert.True(done.IsComplete);
        Assert.All(boots.Zip(await BootsAsync()), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(
            "3",
            (await ServiceSwarm.ManagerAsync(lab, "docker node ls --format '{{.ManagerStatus}}' | grep -c 'Leader\\|Reachable'")).Trim()
        );
    }

    private SwarmMaintenance Get(IReadOnlyList<SwarmNode> nodes) =>
        Assert.IsType<SwarmMaintenance>(Assert.Single(session.Run("$n | Get-SwarmMaintenance", ("n", nodes)).ThrowOnError().Objects));

    private Task<string[]> BootsAsync() =>
        Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "cat /proc/sys/kernel/random/boot_id")));

    private async Task<string> AvailabilityAsync(LabHost host) =>
        (await ServiceSwarm.ManagerAsync(lab, $"docker node inspect -f '{{{{.Spec.Availability}}}}' {host.Name}")).Trim();

    private async Task<IReadOnlyList<SwarmNode>> FormAsync()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.ManagerAsync(
            lab,
            "for id in $(docker node ls -q); do docker node update --availability active $id >/dev/null; done"
        );
        return nodes;
    }
}
