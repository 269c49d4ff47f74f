using System.Text.Json.Nodes;

namespace SwarmOps.Tests.Lab;

/// <summary>Services on real engines: they converge, or the reason is reported.</summary>
public sealed class ServiceTests(LabFixture lab) : IDisposable
{
    private const string Image = "-Image lab/busybox:latest -NoResolveImage";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_global_service_runs_on_every_node_and_is_shown_by_region()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);

        var made = (SwarmService)
            session
                .Run(
                    $"$n | New-SwarmService -Name web {Image} -Mode Global -ArgumentList sh, -c, 'echo hello; echo oh >&2; sleep 900' -StableSeconds 1",
                    ("n", nodes)
                )
                .ThrowOnError()
                .Objects.Single();
        var again = (SwarmService)
            session
                .Run(
                    $"$n | New-SwarmService -Name web {Image} -Mode Global -ArgumentList sh, -c, 'echo hello; echo oh >&2; sleep 900' -StableSeconds 1",
                    ("n", nodes)
                )
                .ThrowOnError()
                .Objects.Single();
        var got = (SwarmService)session.Run("$n | Get-SwarmService -Name w*", ("n", nodes)).ThrowOnError().Objects.Single();
        var tasks = session.Run("$n | Get-SwarmTask -Service web -On us-*", ("n", nodes)).ThrowOnError().Objects.Cast<SwarmTask>().ToList();

        Assert.Equal((3, 3, SwarmServiceMode.Global), (made.DesiredCount, made.RunningCount, made.Mode));
        Assert.Equal(lab.Hosts.Select(host => host.Region).Order(), made.Tasks.Select(task => task.Region));
        Assert.Equal(made.UpdatedAt, again.UpdatedAt);
        Assert.Equal(SwarmFacts.Json([again]), SwarmFacts.Json([got]));
        Assert.Equal(["us-east-1", "us-west-1"], tasks.Select(task => task.Node));
        Assert.All(tasks, task => Assert.Equal(("running", "running", null), (task.State, task.DesiredState, task.Error)));
        var log = session
            .Run("$n | Get-SwarmServiceLog -Name web -Tail 5", ("n", nodes))
            .ThrowOnError()
            .Objects.Cast<SwarmLogEntry>()
            .ToList();
        Assert.Equal(6, log.Count);
        Assert.Equal(
            3,
            log.Count(entry =>
                entry is { Stream: "stdout", Message: "hello" } && entry.Region == entry.Node && entry.Task == $"web.{entry.Node}"
            )
        );
        Assert.Equal(3, log.Count(entry => entry is { Stream: "stderr", Message: "oh" }));

        session.Run("$n | Get-SwarmService -Name web | Remove-SwarmService -Confirm:$false", ("n", nodes)).ThrowOnError();
        Assert.All(
            await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "docker ps -q"))),
            running => Assert.Equal("", running.Trim())
        );
    }

    [Theory]
    [InlineData("None")]
    [InlineData("OnFailure")]
    public async Task A_service_whose_tasks_end_well_and_are_not_started_again_is_complete(string condition)
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        var line =
            $"$n | New-SwarmService -Name once {Image} -Replicas 2 -RestartCondition {condition} -RestartMaxAttempts 1 -ArgumentList true -TimeoutSeconds 60";

        var made = (SwarmService)session.Run(line, ("n", nodes)).ThrowOnError().Objects.Single();
        var again = (SwarmService)session.Run(line, ("n", nodes)).ThrowOnError().Objects.Single();
        var waited = (SwarmService)
            session.Run("$n | Wait-SwarmService -Name once -TimeoutSeconds 60", ("n", nodes)).ThrowOnError().Objects.Single();
        var got = (SwarmService)session.Run("$n | Get-SwarmService -Name once", ("n", nodes)).ThrowOnError().Objects.Single();

        Assert.All([made, again, waited, got], service => Assert.Equal((2, 2), (service.DesiredCount, service.RunningCount)));
        Assert.All(got.Tasks, task => Assert.Equal(("complete", 0), (task.State, task.ExitCode)));
        Assert.Equal(made.UpdatedAt, again.UpdatedAt);

        var failed = session.Run(
            "$n | Update-SwarmService -Name once -ArgumentList sh, -c, 'echo no such table >&2; exit 3' -TimeoutSeconds 60",
            ("n", nodes)
        );
        Assert.Contains(failed.ErrorIds.Single(), new[] { "ServiceNotConverged", "ServiceUpdateFailed" });
        Assert.True(
            failed.Errors[0].Exception.Message.Contains("non-zero exit (3)", StringComparison.Ordinal),
            failed.Errors[0].Exception.Message
        );
        Assert.DoesNotContain("did not converge within", failed.Errors[0].Exception.Message, StringComparison.Ordinal);
        session.Run("$n | Remove-SwarmService -Name once -Confirm:$false", ("n", nodes)).ThrowOnError();
        var lost = session.Run(
            $"$n | New-SwarmService -Name lost {Image} -RestartCondition {condition} -RestartMaxAttempts 1 -RestartDelaySeconds 0 -ArgumentList false -TimeoutSeconds 60",
            ("n", nodes)
        );
        Assert.Equal(["ServiceNotConverged"], lost.ErrorIds);
        Assert.Contains("cannot converge", lost.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("non-zero exit (1)", lost.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(AnyEngine.Name, AnyEngine.Value)]
    public async Task WhatIf_shows_the_plan_and_the_difference_and_changes_nothing()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);

        Assert.Empty(session.Run($"$n | New-SwarmService -Name a {Image} -WhatIf", ("n", nodes)).ThrowOnError().Objects);
        Assert.Equal("", (await ServiceSwarm.ManagerAsync(lab, "docker service ls -q")).Trim());

        session
            .Run(
                $"$n | New-SwarmService -Name a {Image} -ArgumentList sleep, 900 -Environment @{{ PASSWORD = 'old-and-hidden' }} -StableSeconds 0",
                ("n", nodes)
            )
            .ThrowOnError();
        var plan = session
            .Run(
                "$n | Update-SwarmService -Name a -Replicas 2 -Environment @{ PASSWORD = 'new-and-hidden' } -WhatIf -Verbose",
                ("n", nodes)
            )
            .ThrowOnError();
        Assert.Empty(plan.Objects);
        Assert.Contains("a: Env PASSWORD: changed", plan.Verbose);
        Assert.DoesNotContain("hidden", string.Join('\n', plan.Verbose), StringComparison.Ordinal);
        Assert.Contains(plan.Verbose, line => line.StartsWith("a: Mode: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_update_changes_what_is_named_and_keeps_all_else_also_what_it_does_not_know()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.ManagerAsync(
            lab,
            """
            docker service create -q --detach --name odd --no-resolve-image --generic-resource a=1 --ulimit nofile=1000:2000 --env A=1 --env B=2 --label l=1 --constraint node.role==manager lab/busybox:latest sleep 900 >/dev/null
            docker service update -q --detach --generic-resource-rm a odd >/dev/null
            """
        );
        var before = await SpecAsync("odd");

        var changed = (SwarmService)
            session
                .Run(
                    "$n | Update-SwarmService -Name odd -Environment @{ B = '3'; C = '4' } -RemoveEnvironment A -Label @{ m = '2' } -StableSeconds 0",
                    ("n", nodes)
                )
                .ThrowOnError()
                .Objects.Single();
        var after = await SpecAsync("odd");

        Assert.Equal(1, changed.RunningCount);
        Assert.Equal("""["B=3","C=4"]""", after["TaskTemplate"]!["ContainerSpec"]!["Env"]!.ToJsonString());
        Assert.Equal("""{"l":"1","m":"2"}""", after["Labels"]!.ToJsonString());
        Assert.NotNull(after["TaskTemplate"]!["ContainerSpec"]!["Ulimits"]);
        before["TaskTemplate"]!["ContainerSpec"]!["Env"] = after["TaskTemplate"]!["ContainerSpec"]!["Env"]!.DeepClone();
        before["Labels"] = after["Labels"]!.DeepClone();
        Assert.True(JsonNode.DeepEquals(before, after), after.ToJsonString());
    }

    [Fact]
    public async Task Two_writers_do_not_lose_each_others_changes()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session.Run($"$n | New-SwarmService -Name shared {Image} -Replicas 0 -NoWait", ("n", nodes)).ThrowOnError();
        using var other = new Session();
        var writer = Task.Run(
            () =>
                other.Run("foreach ($i in 1..6) { $n | Update-SwarmService -Name shared -Label @{ \"a$i\" = '1' } -NoWait }", ("n", nodes)),
            TestContext.Current.CancellationToken
        );

        session
            .Run("foreach ($i in 1..6) { $n | Update-SwarmService -Name shared -Label @{ \"b$i\" = '1' } -NoWait }", ("n", nodes))
            .ThrowOnError();
        (await writer).ThrowOnError();

        Assert.Equal(12, (await SpecAsync("shared"))["Labels"]!.AsObject().Count);
    }

    [Theory]
    [InlineData("-Image nowhere.invalid/none:1 -NoResolveImage", "ServiceNotConverged", "No such image", "eu-central-1")]
    [InlineData(
        "-Image lab/busybox:latest -NoResolveImage -Mount /srv/is-not-there:/x",
        "ServiceNotConverged",
        "bind source path does not exist",
        "-CreateMountPath"
    )]
    [InlineData(
        "-Image lab/busybox:latest -NoResolveImage -Constraint node.labels.rack==9",
        "ServiceNotConverged",
        "no suitable node",
        "Get-SwarmNode"
    )]
    [InlineData(
        "-Image lab/busybox:latest -NoResolveImage -Mode Global -Constraint node.labels.rack==9 -TimeoutSeconds 5",
        "ServiceNotConverged",
        "no node meets the constraints node.labels.rack==9",
        "Get-Swarm"
    )]
    [InlineData(
        "-Image lab/busybox:latest -NoResolveImage -ReserveMemory 4TB",
        "ServiceNotConverged",
        "no suitable node (insufficient resources",
        "Get-SwarmNode"
    )]
    [InlineData(
        "-Image lab/busybox:latest -NoResolveImage -ArgumentList sh, -c, 'echo last words; exit 7' -TimeoutSeconds 25",
        "ServiceNotConverged",
        "non-zero exit (7)",
        "last words"
    )]
    [InlineData(
        "-Image lab/busybox:latest -NoResolveImage -ArgumentList sleep, 900 -HealthCommand false -HealthIntervalSeconds 1 -HealthRetries 2 -TimeoutSeconds 40",
        "ServiceNotConverged",
        "unhealthy",
        "-HealthStartPeriodSeconds"
    )]
    [InlineData(
        "-Image lab/busybox:latest -NoResolveImage -Mode ReplicatedJob -RestartCondition None -ArgumentList false",
        "ServiceNotConverged",
        "0 of 1 tasks are complete",
        "non-zero exit (1)"
    )]
    public async Task A_service_that_cannot_run_says_why_where_and_what_to_do(string parameters, string id, string reason, string further)
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        var placed = parameters.Contains("-Constraint", StringComparison.Ordinal) ? "" : "-Constraint node.labels.region==eu-central-1";

        var outcome = session.Run($"$n | New-SwarmService -Name broken {parameters} {placed}", ("n", nodes));

        Assert.Equal(id, Assert.Single(outcome.ErrorIds));
        var said = outcome.Errors[0].Exception.Message + " " + outcome.Errors[0].ErrorDetails.RecommendedAction;
        Assert.Contains(reason, said, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(further, said, StringComparison.Ordinal);
        Assert.Empty(outcome.Objects);
    }

    [Fact]
    public async Task A_host_port_that_is_taken_is_named_with_the_node()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session
            .Run(
                $"$n | New-SwarmService -Name first {Image} -Mode Global -PublishHost 8088 -EndpointMode Dnsrr -ArgumentList sleep, 900 -StableSeconds 0",
                ("n", nodes)
            )
            .ThrowOnError();

        var swarm = session.Run(
            $"$n | New-SwarmService -Name second {Image} -PublishHost 8088 -EndpointMode Dnsrr -ArgumentList sleep, 900",
            ("n", nodes)
        );
        await ServiceSwarm.ManagerAsync(
            lab,
            "docker service rm first second >/dev/null; perl -MIO::Socket::INET -e 'for (1 .. 60) { $s = IO::Socket::INET->new(Listen => 5, LocalPort => 8088, ReuseAddr => 1) and last; sleep 1 } $s or die; exit if fork; $0 = \"port-holder\"; sleep 120' </dev/null >/dev/null 2>&1"
        );
        var host = session.Run(
            $"$n | New-SwarmService -Name third {Image} -Mode Global -PublishHost 8088 -EndpointMode Dnsrr -ArgumentList sleep, 900 -TimeoutSeconds 25",
            ("n", nodes)
        );
        await ServiceSwarm.ManagerAsync(lab, "pkill port-holder");

        Assert.Equal("ServiceNotConverged", Assert.Single(swarm.ErrorIds));
        Assert.Contains("host-mode port already in use", swarm.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("ServiceNotConverged", Assert.Single(host.ErrorIds));
        Assert.Contains("eu-central-1: ", host.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("in use", host.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_update_rolls_back_and_says_so()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session
            .Run(
                $"$n | New-SwarmService -Name app {Image} -Replicas 2 -ArgumentList sleep, 900 -UpdateMonitorSeconds 2 -RestartDelaySeconds 0 -StableSeconds 0",
                ("n", nodes)
            )
            .ThrowOnError();

        var outcome = session.Run("$n | Update-SwarmService -Name app -ArgumentList false -TimeoutSeconds 60", ("n", nodes));
        var rest = session.Run("$n | Wait-SwarmService -Name app -StableSeconds 0", ("n", nodes)).ThrowOnError();

        Assert.Equal("ServiceUpdateFailed", Assert.Single(outcome.ErrorIds));
        Assert.Contains("non-zero exit (1)", outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(
            (2, "rollback_completed"),
            (((SwarmService)rest.Objects.Single()).RunningCount, ((SwarmService)rest.Objects.Single()).UpdateState)
        );
        Assert.Equal("""["sleep","900"]""", (await SpecAsync("app"))["TaskTemplate"]!["ContainerSpec"]!["Args"]!.ToJsonString());
    }

    [Fact]
    [Trait(AnyEngine.Name, AnyEngine.Value)]
    public async Task Missing_directories_are_made_on_every_node_and_others_left_alone()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "rm -rf '/srv/it is' /srv/stands; mkdir -m 0711 /srv/stands")));

        session
            .Run(
                $"$n | New-SwarmService -Name data {Image} -Mode Global -Mount '/srv/it is/new:/a', /srv/stands:/b:ro -CreateMountPath -MountOwner 999:998 -MountMode 0750 -ArgumentList sleep, 900 -StableSeconds 0",
                ("n", nodes)
            )
            .ThrowOnError();

        foreach (var host in lab.Hosts)
            Assert.Equal("750 999:998\n711 0:0", (await lab.ExecAsync(host, "stat -c '%a %u:%g' '/srv/it is/new' /srv/stands")).Trim());
    }

    [Fact]
    [Trait(AnyEngine.Name, AnyEngine.Value)]
    public async Task Like_copies_a_service_and_changes_what_is_named()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session
            .Run(
                $"$n | New-SwarmService -Name one {Image} -ArgumentList sleep, 900 -Environment @{{ A = '1' }} -Label @{{ l = 'x' }} -StableSeconds 0",
                ("n", nodes)
            )
            .ThrowOnError();

        session.Run("$n | New-SwarmService -Name two -Like one -Environment @{ A = '2' } -StableSeconds 0", ("n", nodes)).ThrowOnError();

        var (one, two) = (await SpecAsync("one"), await SpecAsync("two"));
        Assert.Equal("""["A=2"]""", two["TaskTemplate"]!["ContainerSpec"]!["Env"]!.ToJsonString());
        one["Name"] = "two";
        one["TaskTemplate"]!["ContainerSpec"]!["Env"] = new JsonArray("A=2");
        Assert.True(JsonNode.DeepEquals(one, two), two.ToJsonString());
    }

    [Fact]
    public async Task Jobs_are_done_when_they_are_complete()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);

        var jobs = session
            .Run(
                $"$n | New-SwarmService -Name job {Image} -Mode ReplicatedJob -Replicas 3 -RestartCondition None -ArgumentList true; $n | New-SwarmService -Name every {Image} -Mode GlobalJob -RestartCondition None -ArgumentList true",
                ("n", nodes)
            )
            .ThrowOnError();

        Assert.Equal([(3, 3), (3, 3)], jobs.Objects.Cast<SwarmService>().Select(job => (job.DesiredCount, job.RunningCount)));
    }

    [Fact]
    [Trait(AnyEngine.Name, AnyEngine.Value)]
    public async Task An_image_is_pinned_to_the_digest_that_the_registry_tells()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.ManagerAsync(
            lab,
            "docker tag lab/busybox:latest registry.lab:5000/pinned:1 && docker push -q registry.lab:5000/pinned:1 >/dev/null"
        );

        var outcome = session
            .Run(
                "$n | New-SwarmService -Name pinned -Image registry.lab:5000/pinned:1 -Mode Global -ArgumentList sleep, 900 -StableSeconds 0",
                ("n", nodes)
            )
            .ThrowOnError();

        Assert.Empty(outcome.Warnings);
        Assert.Matches("^registry.lab:5000/pinned:1@sha256:[0-9a-f]{64}$", ((SwarmService)outcome.Objects.Single()).Image);
        Assert.Equal(3, ((SwarmService)outcome.Objects.Single()).RunningCount);
    }

    private async Task<JsonNode> SpecAsync(string service) =>
        JsonNode.Parse(
            await ServiceSwarm.ManagerAsync(lab, $"curl -s --unix-socket /var/run/docker.sock http://x/v1.41/services/{service}")
        )!["Spec"]!;
}
