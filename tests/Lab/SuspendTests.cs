using System.Globalization;
using static SwarmOps.Tests.Lab.GeoDnsGround;
using static SwarmOps.Tests.Lab.LabRegions;

namespace SwarmOps.Tests.Lab;

/// <summary>Nodes that leave service for maintenance and come back, without a user noticing.</summary>
public sealed class SuspendTests(LabFixture lab) : IDisposable
{
    /// <summary>A service of four tasks, healthy after about a second.</summary>
    private const string App =
        "$n | New-SwarmService -Name app -Replicas 4 -Image lab/busybox:latest -NoResolveImage -ArgumentList sh, '-c', 'sleep 1; touch /tmp/up; exec sleep 100000' -HealthCommand 'test -e /tmp/up' -HealthIntervalSeconds 1 -UpdateMonitorSeconds 1 -RestartDelaySeconds 0 -StopGraceSeconds 1 -StableSeconds 0";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Replacements_run_before_tasks_stop_and_the_tasks_come_back_one_at_a_time()
    {
        var nodes = await FormAsync();
        var west = lab.Hosts.First(host => host.Region == West).Name;
        session.Run(App, ("n", nodes)).ThrowOnError();
        session
            .Run(
                "$n | New-SwarmService -Name agent -Mode Global -Image lab/busybox:latest -NoResolveImage -ArgumentList sleep, 100000 -StopGraceSeconds 1 -StableSeconds 0",
                ("n", nodes)
            )
            .ThrowOnError();
        var before = await PlacesAsync("app");
        Assert.Contains(west, before);

        // What would be missed is refused, with every reason, and changes nothing.
        session
            .Run(
                "$n | New-SwarmService -Name bound -Image lab/busybox:latest -NoResolveImage -ArgumentList sleep, 100000 -Constraint \"node.labels.region==$region\" -StopGraceSeconds 1 -StableSeconds 0",
                ("n", nodes),
                ("region", West)
            )
            .ThrowOnError();
        var refused = Suspend(nodes, west);
        Assert.Equal(["SuspendWouldBeNoticed"], refused.ErrorIds);
        Assert.Contains("'bound' can run on no other node", refused.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("active", (await NodeAsync(west, "{{.Spec.Availability}}")).Trim());
        session.Run("$n | Remove-SwarmService -Name bound -Confirm:$false", ("n", nodes)).ThrowOnError();

        var plan = session.Run($"$n | Suspend-SwarmNode -Name {west} -WhatIf", ("n", nodes)).ThrowOnError();
        Assert.Empty(plan.Objects);
        Assert.Equal(before, await PlacesAsync("app"));

        var (outcome, least) = await WatchedAsync(() => Suspend(nodes, west).ThrowOnError());
        var suspended = Assert.Single(outcome.Nodes);
        Assert.Equal((west, SwarmNodeAvailability.Drain), (suspended.Name, suspended.Availability));
        Assert.True(least >= 4, $"At one moment only {least} tasks ran.");
        Assert.Equal((4, 0), await CountAsync("app", west));
        Assert.Equal((2, 0), await CountAsync("agent", west));
        Assert.Equal("", (await LabelsAsync("app")).Trim());
        Assert.Contains(
            "\"swarmops.suspended.availability\":\"active\"",
            await NodeAsync(west, "{{json .Spec.Labels}}"),
            StringComparison.Ordinal
        );
        var version = await VersionAsync();
        Suspend(nodes, west).ThrowOnError();
        Assert.Equal(version, await VersionAsync());

        (outcome, least) = await WatchedAsync(() =>
            session.Run($"$n | Resume-SwarmNode -Name {west} -Rebalance", ("n", nodes)).ThrowOnError()
        );
        Assert.Equal(SwarmNodeAvailability.Active, Assert.Single(outcome.Nodes).Availability);
        Assert.True(least >= 4, $"At one moment only {least} tasks ran.");
        var (all, there) = await CountAsync("app", west);
        Assert.Equal(4, all);
        Assert.True(there >= 1, "No task was moved back.");
        Assert.Equal((3, 1), await CountAsync("agent", west));
        Assert.DoesNotContain("swarmops", await NodeAsync(west, "{{json .Spec.Labels}}"), StringComparison.Ordinal);
        version = await VersionAsync();
        session.Run($"$n | Resume-SwarmNode -Name {west} -Rebalance", ("n", nodes)).ThrowOnError();
        Assert.Equal(version, await VersionAsync());
    }

    [Fact]
    public async Task A_replacement_that_does_not_start_leaves_everything_as_it_was()
    {
        var nodes = await FormAsync();
        var west = lab.Hosts.First(host => host.Region == West).Name;
        // The image is on one host only, so a task elsewhere is rejected.
        await lab.ExecAsync(lab.Hosts.First(host => host.Name == west), "docker tag lab/busybox:latest only/here:1");
        await ServiceSwarm.ManagerAsync(
            lab,
            $"docker service create -q -d --name app --no-resolve-image --stop-grace-period 1s --constraint node.labels.region=={West} only/here:1 sleep 100000 >/dev/null"
        );
        session.Run("$n | Wait-SwarmService -Name app", ("n", nodes)).ThrowOnError();
        await ServiceSwarm.ManagerAsync(
            lab,
            $"docker service update -q -d --no-resolve-image --constraint-rm node.labels.region=={West} app >/dev/null"
        );
        session.Run("$n | Wait-SwarmService -Name app", ("n", nodes)).ThrowOnError();
        Assert.Equal((1, 1), await CountAsync("app", west));

        var failed = Suspend(nodes, west);

        Assert.Equal(["NodeNotSuspended"], failed.ErrorIds);
        Assert.Contains("It serves as before.", failed.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), await CountAsync("app", west));
        Assert.Equal("active", (await NodeAsync(west, "{{.Spec.Availability}}")).Trim());
        Assert.DoesNotContain("swarmops", await NodeAsync(west, "{{json .Spec.Labels}}"), StringComparison.Ordinal);
        Assert.Equal("", (await LabelsAsync("app")).Trim());
        await lab.ExecAsync(lab.Hosts.First(host => host.Name == west), "docker rmi only/here:1 >/dev/null");
    }

    [Fact]
    public async Task Clients_that_follow_DNS_see_no_failed_page_while_a_node_is_suspended_rebooted_and_resumed()
    {
        Nightly.SkipUnlessAsked();
        var ground = await GeoDnsGround.FormAsync(lab, session);
        ground.Run(ground.Create());
        session.Run(App, ("n", ground.Nodes)).ThrowOnError();
        var east = ground.Host(East);
        using var readers = new OutsideReaders(lab);
        readers.Start();

        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        ground.Run($"$n | Suspend-SwarmNode -Name {east.Name}");
        var suspended = System.Diagnostics.Stopwatch.GetElapsedTime(started);
        Assert.DoesNotContain(East, await ground.AskAsync(Eu, Continents[East]) ?? "", StringComparison.Ordinal);
        await lab.OnLabAsync("host", "reboot", east.Name);
        started = System.Diagnostics.Stopwatch.GetTimestamp();
        ground.Run($"$n | Resume-SwarmNode -Name {east.Name} -Rebalance");
        var resumed = System.Diagnostics.Stopwatch.GetElapsedTime(started);
        await ground.WaitAsync(Eu, Continents[East], East, TimeSpan.FromSeconds(20));
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);

        var read = await readers.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"suspended in {suspended.TotalSeconds:0.0} s, rebooted and resumed in {resumed.TotalSeconds:0.0} s; {string.Join("; ", read.Select(reader => $"{reader.Region} {reader.Pages} pages, {reader.Failures.Count} failures {string.Join(", ", reader.Failures.Take(3))}"))}"
        );
        Assert.All(read, reader => Assert.Empty(reader.Failures));
        Assert.All(read, reader => Assert.True(reader.Pages > 100));
    }

    [Fact]
    public async Task A_run_that_was_killed_is_completed_by_the_same_line()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        var west = lab.Hosts.First(host => host.Region == West).Name;
        session.Run(App, ("n", nodes)).ThrowOnError();
        var set = $"$(\n{string.Join('\n', lab.Hosts.Select(host => host.Description))}\n)";
        var suspend = $"{set} | Suspend-SwarmNode -Name {west}";
        var resume = $"{set} | Resume-SwarmNode -Name {west} -Rebalance";
        var killed = 0;

        foreach (var (line, isOut) in new[] { (suspend, true), (resume, false) })
        {
            var total = await KillableAsync(line, 0) ?? throw new InvalidOperationException("The line does not run whole.");
            foreach (var point in Enumerable.Range(0, 6).Select(index => 1 + (index * (total - 1) / 5)).Distinct())
            {
                Assert.NotNull(await KillableAsync(isOut ? resume : suspend, 0));
                if (await KillableAsync(line, point) is null)
                    killed++;
                Assert.True(
                    await KillableAsync(line, 0) is not null,
                    $"Killed at point {point}, the second run of '{line[^40..]}' failed."
                );
                Assert.Equal(isOut ? "drain" : "active", (await NodeAsync(west, "{{.Spec.Availability}}")).Trim());
                Assert.Equal("", (await LabelsAsync("app")).Trim());
                var (all, there) = await CountAsync("app", west);
                Assert.Equal(4, all);
                Assert.Equal(isOut, there == 0);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"killed and completed {killed} times");
        Assert.True(killed >= 8, $"Only {killed} runs were killed.");
    }

    [Fact]
    public async Task A_node_that_does_not_come_back_leaves_the_rest_whole()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        var west = lab.Hosts.First(host => host.Region == West).Name;
        session.Run(App, ("n", nodes)).ThrowOnError();
        Suspend(nodes, west).ThrowOnError();
        await lab.OnLabAsync("host", "stop", west);

        var lost = session.Run($"$n | Resume-SwarmNode -Name {west} -TimeoutSeconds 10", ("n", nodes));
        Assert.Equal(["NodeDidNotComeBack"], lost.ErrorIds);
        Assert.Contains("Remove-SwarmNode", lost.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal((4, 0), await CountAsync("app", west));

        await lab.OnLabAsync("host", "start", west);
        session.Run($"$n | Resume-SwarmNode -Name {west} -Rebalance", ("n", nodes)).ThrowOnError();
        var (all, there) = await CountAsync("app", west);
        Assert.Equal((4, true), (all, there > 0));
    }

    [Fact]
    public async Task Engines_are_upgraded_host_by_host_over_three_versions_and_no_service_loses_a_task()
    {
        Nightly.SkipUnlessAsked();
        var last = lab.Hosts[0].Engine;
        Assert.SkipUnless(last == "28.5", "needs a lab of engine 28.5");
        await lab.ResetAsync();
        foreach (var host in lab.Hosts)
            await lab.OnLabAsync("host", "engine", host.Name, "20.10");
        var nodes = session.Nodes(lab);
        session
            .Run(
                "$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest | Step-SwarmPromotion | New-EncryptedOverlay -Name inner -Unencrypted -WarningAction SilentlyContinue",
                ("n", nodes)
            )
            .ThrowOnError();
        session.Run(App + " -Network inner", ("n", nodes)).ThrowOnError();
        try
        {
            foreach (var version in new[] { "26.1", "28.5" })
            foreach (var host in lab.Hosts.Reverse())
            {
                var watcher = lab.Hosts.First(other => other != host);
                var (_, least) = await WatchedAsync(() => Suspend(nodes, host.Name).ThrowOnError(), watcher);
                await lab.OnLabAsync("host", "engine", host.Name, version);
                var started = System.Diagnostics.Stopwatch.GetTimestamp();
                var (outcome, then) = await WatchedAsync(
                    () => session.Run($"$n | Resume-SwarmNode -Name {host.Name} -Rebalance", ("n", nodes)).ThrowOnError(),
                    watcher
                );
                TestContext.Current.TestOutputHelper?.WriteLine(
                    $"{host.Name} on {version}: resumed in {System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, at least {Math.Min(least, then)} of 4 tasks; {string.Join(" ", outcome.Warnings)}"
                );
                Assert.True(Math.Min(least, then) >= 4, $"At one moment only {Math.Min(least, then)} tasks ran.");
                Assert.StartsWith(version, Assert.Single(outcome.Nodes).EngineVersion, StringComparison.Ordinal);
            }
        }
        finally
        {
            foreach (var host in lab.Hosts)
                await lab.OnLabAsync("host", "engine", host.Name, last);
        }
    }

    /// <summary>The swarm with every node in service, whatever an earlier test left.</summary>
    private async Task<IReadOnlyList<SwarmNode>> FormAsync()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.ManagerAsync(
            lab,
            "for id in $(docker node ls -q); do docker node update --availability active --label-rm swarmops.suspended.availability --label-rm swarmops.suspended.edges --label-rm swarmops.suspended.since $id >/dev/null 2>&1 || docker node update --availability active $id >/dev/null; done"
        );
        return nodes;
    }

    private Outcome Suspend(IReadOnlyList<SwarmNode> nodes, string name) =>
        session.Run($"$n | Suspend-SwarmNode -Name {name}", ("n", nodes));

    /// <summary>Runs something while the manager counts the healthy tasks of the service app, five times a second.</summary>
    private async Task<(Outcome Outcome, int Least)> WatchedAsync(Func<Outcome> work, LabHost? from = null)
    {
        var watcher = from ?? lab.Hosts[0];
        await lab.ExecAsync(
            watcher,
            "rm -f /run/app.counts; setsid sh -c 'while :; do docker service ls -f name=app --format {{.Replicas}} >>/run/app.counts; sleep 0.2; done' >/dev/null 2>&1 </dev/null & echo $! >/run/app.pid"
        );
        var outcome = await Task.Run(work);
        var counts = await lab.ExecAsync(watcher, "kill $(cat /run/app.pid); cat /run/app.counts");
        var seen = counts
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line.Split('/')[0], CultureInfo.InvariantCulture))
            .ToList();
        Assert.True(seen.Count > 10, $"The tasks were counted {seen.Count} times only.");
        return (outcome, seen.Min());
    }

    /// <summary>The hosts of a service's running tasks.</summary>
    private async Task<IReadOnlyList<string>> PlacesAsync(string service) =>
        [
            .. (
                await ServiceSwarm.ManagerAsync(
                    lab,
                    $"docker service ps -f desired-state=running --format '{{{{.Node}}}} {{{{.CurrentState}}}}' {service} | grep ' Running' | cut -d' ' -f1"
                )
            )
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Order(StringComparer.Ordinal),
        ];

    private async Task<(int All, int There)> CountAsync(string service, string host)
    {
        var places = await PlacesAsync(service);
        return (places.Count, places.Count(place => place == host));
    }

    private Task<string> NodeAsync(string name, string template) =>
        ServiceSwarm.ManagerAsync(lab, $"docker node inspect -f '{template}' {name}");

    private Task<string> LabelsAsync(string service) =>
        ServiceSwarm.ManagerAsync(lab, $"docker service inspect -f '{{{{index .Spec.Labels \"swarmops.surge\"}}}}' {service}");

    private Task<string> VersionAsync() =>
        ServiceSwarm.ManagerAsync(
            lab,
            "docker node inspect -f '{{.Version.Index}} {{json .Spec}}' $(docker node ls -q) | cut -d' ' -f2-; docker service inspect -f '{{.Version.Index}}' $(docker service ls -q)"
        );

    /// <summary>Runs a line in a process that kills itself before a change; the number of changes when it came to its end, null when it was killed.</summary>
    private static async Task<int?> KillableAsync(string line, int killAt)
    {
        var script = Path.ChangeExtension(Path.GetTempFileName(), ".ps1");
        try
        {
            await File.WriteAllTextAsync(script, line);
            return await KillRun.RunAsync(script, killAt);
        }
        finally
        {
            File.Delete(script);
        }
    }
}
