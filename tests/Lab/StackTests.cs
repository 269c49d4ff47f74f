using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Lab;

/// <summary>Stacks from Compose files on real engines: deployed, changed, rolled back, taken over from the docker CLI, exported and removed.</summary>
public sealed class StackTests(LabFixture lab) : IDisposable
{
    private const string Service = "image: lab/busybox:latest\n    command: sleep 900\n    stop_grace_period: 1s\n";

    private const string Shop = $$$"""
        services:
          db:
            {{{Service}}}
          web:
            {{{Service}}}
            depends_on: [db]
            environment: {PASSWORD: old-and-hidden}
            configs: [{source: conf, target: /etc/conf}]
            secrets: [pw]
            deploy: {replicas: 2, update_config: {order: start-first, parallelism: 0}}
        configs: {conf: {content: one}}
        secrets: {pw: {environment: SHOP_PW}}
        """;

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_stack_is_deployed_changed_and_removed_and_a_second_run_changes_nothing()
    {
        using var ground = await StackGround.FormAsync(lab, session);
        ground.Write(Shop);
        const string variable = "-Variable @{ SHOP_PW = 'first-secret' }";

        Assert.Empty(ground.Publish($"{variable} -WhatIf").ThrowOnError().Objects);
        Assert.Equal(
            "",
            await ground.ManagerAsync(
                "docker service ls -q; docker config ls -q; docker secret ls -q; docker network ls -q --filter label=com.docker.stack.namespace"
            )
        );

        var made = (SwarmStack)ground.Publish(variable).ThrowOnError().Objects.Single();
        Assert.Equal((3, 3), (made.RunningCount, made.DesiredCount));
        Assert.Equal(["shop_db", "shop_web"], made.Services.Select(service => service.Name));
        Assert.Equal(["shop_default"], made.Networks);
        Assert.Matches("^shop_conf-[0-9a-f]{12}$", Assert.Single(made.Configs));
        Assert.Matches("^shop_pw-[0-9a-f]{12}$", Assert.Single(made.Secrets));
        Assert.Contains("shop", await ground.ManagerAsync("docker stack ls --format '{{.Name}}'"), StringComparison.Ordinal);

        var (web, db) = (await ground.TasksAsync("shop_web"), await ground.TasksAsync("shop_db"));
        var again = ground.Publish($"{variable} -Verbose").ThrowOnError();
        Assert.Equal(
            made.Services.Select(service => service.UpdatedAt),
            ((SwarmStack)again.Objects.Single()).Services.Select(service => service.UpdatedAt)
        );
        Assert.DoesNotContain(again.Verbose, line => Regex.IsMatch(line, "^(Create|Update|Remove) the"));
        Assert.Empty(
            ground
                .Run($"Compare-SwarmStack -Path $f -Name shop -NoResolveImage {variable} -WarningAction SilentlyContinue")
                .ThrowOnError()
                .Objects
        );

        // One variable, one config and one secret: one service changes, and what it used before goes.
        ground.Write(
            Shop.Replace("old-and-hidden", "new-and-hidden", StringComparison.Ordinal)
                .Replace("content: one", "content: two", StringComparison.Ordinal)
        );
        const string other = "-Variable @{ SHOP_PW = 'second-secret' }";
        var differences = ground
            .Run($"Compare-SwarmStack -Path $f -Name shop -NoResolveImage {other} -WarningAction SilentlyContinue")
            .ThrowOnError()
            .Objects.Cast<SwarmStackDifference>()
            .ToList();
        Assert.Equal(
            ["Create Secret", "Create Config", "Update Service", "Remove Secret", "Remove Config"],
            differences.Select(difference => $"{difference.Change} {difference.Kind}")
        );
        Assert.Contains("Env PASSWORD: changed", differences[2].Details);
        Assert.DoesNotContain(
            "hidden",
            string.Join(' ', differences.SelectMany(difference => difference.Details)),
            StringComparison.Ordinal
        );

        var changed = (SwarmStack)ground.Publish(other).ThrowOnError().Objects.Single();
        Assert.NotEqual(made.Configs.Single(), changed.Configs.Single());
        Assert.NotEqual(made.Secrets.Single(), changed.Secrets.Single());
        Assert.NotEqual(web, await ground.TasksAsync("shop_web"));
        Assert.Equal(db, await ground.TasksAsync("shop_db"));

        // The file loses a service, which stays until it is pruned.
        ground.Write($"services:\n  web:\n    {Service}");
        Assert.Equal(2, ((SwarmStack)ground.Publish().ThrowOnError().Objects.Single()).Services.Count);
        var pruned = (SwarmStack)ground.Publish("-Prune").ThrowOnError().Objects.Single();
        Assert.Equal(["shop_web"], pruned.Services.Select(service => service.Name));
        Assert.Empty(pruned.Configs.Concat(pruned.Secrets));

        ground.Run("Get-SwarmStack -Name shop | Remove-SwarmStack -Confirm:$false").ThrowOnError();
        Assert.Equal("", await ground.ManagerAsync("docker service ls -q; docker network ls -q --filter label=com.docker.stack.namespace"));
        Assert.Equal(["StackNotFound"], ground.Run("Get-SwarmStack -Name shop").ErrorIds);
    }

    [Theory]
    [InlineData("image: lab/busybox:latest", "image: lab/nosuch:1", "No such image")]
    [InlineData("command: sleep 900", "command: sh -c 'echo no such table >&2; exit 3'", "no such table")]
    [InlineData("stop_grace_period: 1s", "healthcheck: {test: 'false', interval: 1s, timeout: 1s, retries: 1}", "unhealthy")]
    public async Task A_service_that_does_not_converge_is_told_and_rolled_back(string good, string bad, string reason)
    {
        if (!bad.Contains("exit 3", StringComparison.Ordinal))
            Nightly.SkipUnlessAsked();
        using var ground = await StackGround.FormAsync(lab, session);
        var file = $"services:\n  web:\n    {Service}    configs: [conf]\nconfigs: {{conf: {{content: one}}}}\n";
        ground.Write(file);
        ground.Publish("-StableSeconds 0").ThrowOnError();
        var before = await ground.SpecAsync("shop_web");

        ground.Write(file.Replace(good, bad, StringComparison.Ordinal).Replace("content: one", "content: two", StringComparison.Ordinal));
        var failed = ground.Publish("-TimeoutSeconds 60");

        Assert.Equal(["StackNotDeployed"], failed.ErrorIds);
        var message = failed.Errors[0].Exception.Message;
        Assert.True(message.Contains(reason, StringComparison.Ordinal), message);
        Assert.EndsWith("Rolled back and verified: shop_web. The stack is as it was before.", message, StringComparison.Ordinal);
        Assert.Equal(before.ToJsonString(), (await ground.SpecAsync("shop_web")).ToJsonString());
        var stack = (SwarmStack)ground.Run("Get-SwarmStack -Name shop").ThrowOnError().Objects.Single();
        Assert.Equal((1, 1, 1), (stack.RunningCount, stack.DesiredCount, stack.Configs.Count));
    }

    [Fact]
    public async Task One_image_one_replica_and_one_config_file_each_change_one_service_only()
    {
        Nightly.SkipUnlessAsked();
        using var ground = await StackGround.FormAsync(lab, session);
        await ground.ManagerAsync(
            "for i in 1 2; do docker tag lab/busybox:latest registry.lab:5000/changed:$i && docker push -q registry.lab:5000/changed:$i >/dev/null; done"
        );
        ground.Write("one\n", "conf.txt");
        var file =
            $"services:\n  db:\n    {Service}  web:\n    {Service.Replace("lab/busybox:latest", "registry.lab:5000/changed:1", StringComparison.Ordinal)}    configs: [conf]\n    deploy: {{replicas: 1}}\nconfigs: {{conf: {{file: conf.txt}}}}\n";
        ground.Write(file);
        ground.Publish().ThrowOnError();

        Check("", "changed:2", text => text.Replace("changed:1", "changed:2", StringComparison.Ordinal));
        Check("", "Replicated", text => text.Replace("replicas: 1", "replicas: 2", StringComparison.Ordinal));
        ground.Write("two\n", "conf.txt");
        Check("Create Config, Remove Config", "onfig", text => text);

        void Check(string others, string detail, Func<string, string> change)
        {
            file = change(file);
            ground.Write(file);
            var differences = ground
                .Run("Compare-SwarmStack -Path $f -Name shop -NoResolveImage -WarningAction SilentlyContinue")
                .ThrowOnError()
                .Objects.Cast<SwarmStackDifference>()
                .ToList();
            var service = Assert.Single(differences, difference => difference.Kind == SwarmStackObjectKind.Service);
            Assert.Equal("shop_web", service.Name);
            Assert.Contains(service.Details, line => line.Contains(detail, StringComparison.Ordinal));
            Assert.Equal(
                others,
                string.Join(
                    ", ",
                    differences.Where(difference => difference != service).Select(difference => $"{difference.Change} {difference.Kind}")
                )
            );
            var before = Updated();
            ground.Publish().ThrowOnError();
            var after = Updated();
            Assert.Equal(before["shop_db"], after["shop_db"]);
            Assert.NotEqual(before["shop_web"], after["shop_web"]);
        }

        Dictionary<string, DateTime> Updated() =>
            ((SwarmStack)ground.Run("Get-SwarmStack -Name shop").ThrowOnError().Objects.Single()).Services.ToDictionary(
                service => service.Name,
                service => service.UpdatedAt
            );
    }

    [Fact]
    public async Task A_rollback_that_somebody_else_prevents_is_told_as_such()
    {
        Nightly.SkipUnlessAsked();
        using var ground = await StackGround.FormAsync(lab, session);
        var file = $"services:\n  web:\n    {Service}";
        ground.Write(file);
        ground.Publish("-StableSeconds 0").ThrowOnError();
        ground.Write(file.Replace("sleep 900", "sh -c 'exit 3'", StringComparison.Ordinal));

        var publishing = Task.Run(() => ground.Publish("-TimeoutSeconds 25"));
        await ManagerLab.UntilAsync(
            async () =>
                (await ground.SpecAsync("shop_web")).ToJsonString() is var spec
                    ? (spec.Contains("exit 3", StringComparison.Ordinal), spec)
                    : (false, ""),
            30
        );
        await ground.ManagerAsync("docker service update --detach --label-add by=hand shop_web");
        var failed = await publishing;

        Assert.Equal(["StackNotRestored"], failed.ErrorIds);
        Assert.Contains(
            "'shop_web' was changed by someone else in the meantime, and was left as it is.",
            failed.Errors[0].Exception.Message,
            StringComparison.Ordinal
        );
        Assert.Equal("hand", (string?)(await ground.SpecAsync("shop_web"))["Labels"]!["by"]);
    }

    [Fact]
    public async Task A_new_stack_that_fails_leaves_nothing_and_what_depends_on_it_is_not_deployed()
    {
        using var ground = await StackGround.FormAsync(lab, session);
        ground.Write(
            $"services:\n  bad:\n    image: lab/nosuch:1\n    secrets: [pw]\n  late:\n    {Service}    depends_on: [bad]\nsecrets: {{pw: {{environment: SHOP_PW}}}}\n"
        );

        var failed = ground.Publish("-Variable @{ SHOP_PW = 'x' } -TimeoutSeconds 20");

        Assert.Equal(["StackNotDeployed"], failed.ErrorIds);
        Assert.Contains(
            "Not deployed, since they depend on these: shop_late.",
            failed.Errors[0].Exception.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "",
            await ground.ManagerAsync("docker service ls --format 'service {{.Name}}'; docker secret ls --format 'secret {{.Name}}'")
        );
        // The swarm has no such network any more; the engine where the task was lists its own copy until its agent has cleaned up.
        await ManagerLab.UntilAsync(
            async () =>
            {
                var left = await ground.ManagerAsync("docker network ls --filter label=com.docker.stack.namespace --format '{{.Name}}'");
                return (left.Length == 0, left);
            },
            30
        );
    }

    [Fact]
    public async Task A_stack_of_the_docker_CLI_is_taken_over_without_a_restart()
    {
        using var ground = await StackGround.FormAsync(lab, session);
        ground.Write("same-secret", "pw.txt");
        ground.Write("a $HOME\n", "conf.txt");
        ground.Write(
            $"""
            services:
              web:
                {Service}
                configs: [conf]
                secrets: [pw]
                volumes: ["data:/data"]
                ports: ["18080:80"]
            volumes: {"{data: }"}
            configs: {"{conf: {file: conf.txt}}"}
            secrets: {"{pw: {file: pw.txt}}"}
            """
        );
        await ground.DeployByHandAsync();
        ground.Run("Wait-SwarmService -Name shop_web -TimeoutSeconds 60").ThrowOnError();
        var tasks = await ground.TasksAsync("shop_web");

        var taken = (SwarmStack)ground.Publish().ThrowOnError().Objects.Single();

        Assert.Equal(tasks, await ground.TasksAsync("shop_web"));
        Assert.Equal(("shop_conf", "shop_pw", "shop_data"), (taken.Configs.Single(), taken.Secrets.Single(), taken.Volumes.Single()));
        // Another value is another object, though no engine returns the old one.
        ground.Write("other-secret", "pw.txt");
        var changed = (SwarmStack)ground.Publish().ThrowOnError().Objects.Single();
        Assert.Matches("^shop_pw-[0-9a-f]{12}$", changed.Secrets.Single());
        Assert.Equal("shop_conf", changed.Configs.Single());

        // What is exported publishes to the same.
        var exported = ground.Run("Export-SwarmStack -Name shop -Path $f -Force").ThrowOnError();
        Assert.Empty(exported.Warnings);
        Assert.Empty(ground.Run("Compare-SwarmStack -Path $f -NoResolveImage -WarningAction SilentlyContinue").ThrowOnError().Objects);

        ground.Run("Remove-SwarmStack -Name shop -Confirm:$false").ThrowOnError();
        var volumes = await Task.WhenAll(
            lab.Hosts.Select(host =>
                lab.ExecAsync(host, "docker volume ls -q --filter name=shop_data; docker volume rm shop_data >/dev/null 2>&1 || true")
            )
        );
        Assert.Contains("shop_data", string.Concat(volumes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_against_it_is_told_at_once_and_nothing_is_changed()
    {
        using var ground = await StackGround.FormAsync(lab, session);
        ground
            .Run(
                "New-SwarmService -Name other -Image lab/busybox:latest -NoResolveImage -Publish 18081:80 -ArgumentList sleep, 900 -StableSeconds 0"
            )
            .ThrowOnError();
        ground.Write(
            """
            services:
              web:
                image: lab/busybox:latest
                ports: ["18081:80"]
                networks: [gone]
                secrets: [lost]
                deploy: {placement: {constraints: [node.labels.region==nowhere]}}
            networks: {gone: {external: true}}
            secrets: {lost: {external: true}}
            """
        );

        var failed = ground.Publish();

        Assert.Equal(["StackCheckFailed"], failed.ErrorIds);
        foreach (
            var problem in new[]
            {
                "the external network 'gone' does not exist",
                "the external secret 'lost' does not exist",
                "'shop_web' publishes 18081/tcp, which the service 'other' has",
                "no node meets the constraints of 'shop_web': node.labels.region==nowhere",
            }
        )
            Assert.Contains(problem, failed.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("other", await ground.ManagerAsync("docker service ls --format '{{.Name}}'"));
        Assert.Equal(["StackFileInvalid"], ground.Run("Publish-SwarmStack -Path $f, /nonexistent.yaml -Name shop").ErrorIds);
    }

    [Fact]
    public async Task An_edge_service_is_deployed_region_by_region_on_the_hosts_ports()
    {
        using var ground = await StackGround.FormAsync(lab, session);
        ground.Write($"services:\n  web:\n    {Service}    ports: ['18082:80']\n    x-swarmops: {{edge: true}}\n");

        var made = (SwarmStack)ground.Publish("-StableSeconds 0").ThrowOnError().Objects.Single();

        Assert.Equal(
            lab.Hosts.Select(host => $"shop_web-{host.Region}").Order(StringComparer.Ordinal),
            made.Services.Select(service => service.Name)
        );
        Assert.All(made.Services, service => Assert.Equal("18082:80/tcp (host)", Assert.Single(service.Ports)));
        Assert.Equal(made.Services.Select(service => service.CreatedAt).Order(), made.Services.Select(service => service.CreatedAt));
        Assert.Empty(
            ground.Run("Compare-SwarmStack -Path $f -Name shop -NoResolveImage -WarningAction SilentlyContinue").ThrowOnError().Objects
        );
    }

    [Fact]
    public async Task A_port_that_a_node_uses_already_is_told_before_anything_is_changed()
    {
        Nightly.SkipUnlessAsked();
        using var ground = await StackGround.FormAsync(lab, session);
        var host = lab.Hosts[^1];
        await lab.ExecAsync(
            host,
            "docker rm -f blocker >/dev/null 2>&1; docker run -d --name blocker -p 18084:80 lab/busybox:latest sleep 900 >/dev/null"
        );
        try
        {
            ground.Write(
                $"services:\n  web:\n    {Service}    ports: [{{target: 80, published: 18084, mode: host}}]\n    deploy: {{mode: global}}\n"
            );

            var failed = ground.Publish("-TimeoutSeconds 30");

            Assert.Equal(["StackCheckFailed"], failed.ErrorIds);
            var message = failed.Errors[0].Exception.Message;
            Assert.True(
                message.Contains(host.Name, StringComparison.Ordinal) && message.Contains("18084/tcp", StringComparison.Ordinal),
                message
            );
            Assert.Equal(
                "",
                await ground.ManagerAsync("docker service ls -q; docker network ls -q --filter label=com.docker.stack.namespace")
            );
        }
        finally
        {
            await lab.ExecAsync(host, "docker rm -f blocker >/dev/null");
        }
    }

    [Fact]
    public async Task A_port_that_a_node_uses_by_the_time_the_task_starts_is_told_and_rolled_back()
    {
        Nightly.SkipUnlessAsked();
        using var ground = await StackGround.FormAsync(lab, session);
        var host = lab.Hosts[^1];
        // The first service holds up the second, until the port is taken.
        ground.Write(
            $"""
            services:
              first:
                {Service}
                healthcheck: {"{test: 'test $$(cut -d. -f1 /proc/uptime) -gt 0 && sleep 8', interval: 1s, timeout: 20s}"}
              web:
                {Service}
                depends_on: [first]
                ports: [{"{target: 80, published: 18085, mode: host}"}]
                deploy: {"{mode: global}"}
            """
        );
        var publishing = Task.Run(() => ground.Publish("-TimeoutSeconds 40"));
        try
        {
            await ManagerLab.UntilAsync(
                async () =>
                    (await ground.ManagerAsync("docker service ls -q --filter name=shop_first")) is { Length: > 0 } id
                        ? (true, id)
                        : (false, ""),
                60
            );
            await lab.ExecAsync(
                host,
                "docker rm -f blocker >/dev/null 2>&1; docker run -d --name blocker -p 18085:80 lab/busybox:latest sleep 900 >/dev/null"
            );

            var failed = await publishing;

            Assert.Equal(["StackNotDeployed"], failed.ErrorIds);
            var message = failed.Errors[0].Exception.Message;
            Assert.True(
                message.Contains(host.Name, StringComparison.Ordinal) && message.Contains("18085", StringComparison.Ordinal),
                message
            );
            Assert.Contains("Removed again: ", message, StringComparison.Ordinal);
            Assert.Equal("", await ground.ManagerAsync("docker service ls -q"));
        }
        finally
        {
            await publishing;
            await lab.ExecAsync(host, "docker rm -f blocker >/dev/null");
        }
    }

    [Fact]
    public async Task What_hosts_and_registries_do_not_have_is_told_before_anything_is_changed()
    {
        using var ground = await StackGround.FormAsync(lab, session);
        var host = lab.Hosts[0];
        var holder = await lab.ExecAsync(
            host,
            "nohup perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 1, LocalPort => 18086, ReuseAddr => 1) or die; sleep 600' >/dev/null 2>&1 & echo $!; sleep 0.5"
        );
        ground.Write(
            """
            services:
              web: {image: "registry.lab:5000/nosuch:1", ports: ["18086:80"]}
              big: {image: "lab/busybox:latest", deploy: {resources: {reservations: {memory: 4000g}}}}
              gpu: {image: "lab/busybox:latest", deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: gpu, value: 1}}]}}}}
            """
        );

        var failed = ground.Run("Publish-SwarmStack -Path $f -Name shop -WarningAction SilentlyContinue");

        Assert.Equal(["StackCheckFailed"], failed.ErrorIds);
        var message = failed.Errors[0].Exception.Message;
        foreach (
            var problem in new[]
            {
                "the registry does not have the image 'registry.lab:5000/nosuch:1' of 'shop_web'",
                $"'shop_web' publishes 18086/tcp, on which a program or container listens already on {host.Name}",
                "'shop_big' reserves 4096000 MiB of memory",
                "'shop_gpu' reserves 1 gpu",
            }
        )
            Assert.True(message.Contains(problem, StringComparison.Ordinal), message);
        Assert.Equal("", await ground.ManagerAsync("docker service ls -q; docker network ls -q --filter label=com.docker.stack.namespace"));
        await lab.ExecAsync(host, $"kill {holder.Trim()}");
    }

    [Fact]
    public async Task Services_of_no_stack_are_exported_with_their_settings()
    {
        Nightly.SkipUnlessAsked();
        using var ground = await StackGround.FormAsync(lab, session);
        ground.Run("New-EncryptedOverlay -Name exported -Unencrypted").ThrowOnError();
        ground
            .Run(
                "New-SwarmService -Name cache -Image lab/busybox:latest -NoResolveImage -Network exported -Replicas 2 -Environment @{ A = 'x $y' } -Constraint node.role==manager -Mount data:/data -ArgumentList sleep, 900 -StopGraceSeconds 1 -StableSeconds 0"
            )
            .ThrowOnError();

        var exported = ground.Run("Export-SwarmStack -Name shop -Service 'cach*', nosuch -Path $f -Force");

        Assert.Equal(["ServiceNotFound"], exported.ErrorIds);
        Assert.True(exported.Warnings.Count == 0, string.Join('\n', exported.Warnings));
        ground.Publish("-StableSeconds 0").ThrowOnError();
        var (old, made) = (await ground.SpecAsync("cache"), await ground.SpecAsync("shop_cache"));
        foreach (var part in new[] { "Env", "Args", "Mounts", "StopGracePeriod" })
            Assert.Equal(
                old["TaskTemplate"]!["ContainerSpec"]![part]!.ToJsonString(),
                // As `docker stack deploy` writes it.
                made["TaskTemplate"]!["ContainerSpec"]![part]!
                    .ToJsonString()
                    .Replace(",\"VolumeOptions\":{}", "", StringComparison.Ordinal)
            );
        Assert.Equal(old["Mode"]!.ToJsonString(), made["Mode"]!.ToJsonString());
        ground.Run("Remove-SwarmStack -Name shop -Confirm:$false").ThrowOnError();
        ground.Run("Remove-SwarmService -Name cache -Confirm:$false").ThrowOnError();
        ground.Run("Remove-SwarmOverlay -Name exported -Confirm:$false").ThrowOnError();
    }

    [Fact]
    public async Task A_stack_is_published_at_once_after_docker_stack_rm()
    {
        using var ground = await StackGround.FormAsync(lab, session);
        ground.Write($"services:\n  web:\n    {Service}    deploy: {{mode: global}}\n");
        ground.Publish("-StableSeconds 0").ThrowOnError();
        await ground.ManagerAsync("docker stack rm --detach=true shop >/dev/null 2>&1 || docker stack rm shop >/dev/null 2>&1");

        var again = (SwarmStack)ground.Publish("-StableSeconds 0").ThrowOnError().Objects.Single();

        Assert.Equal((lab.Hosts.Count, lab.Hosts.Count), (again.RunningCount, again.DesiredCount));
        Assert.Equal("shop_default", Assert.Single(again.Networks));
        Assert.Equal(
            await ground.ManagerAsync("docker service inspect -f '{{(index .Spec.TaskTemplate.Networks 0).Target}}' shop_web"),
            await ground.ManagerAsync("docker network ls --no-trunc -q --filter name=shop_default")
        );
    }

    [Fact]
    public async Task Two_publishes_at_once_take_turns()
    {
        Nightly.SkipUnlessAsked();
        using var ground = await StackGround.FormAsync(lab, session);
        using var other = new Session();
        var paths = new[] { "a", "b" }
            .Select(value => ground.Write($"services:\n  web:\n    {Service}    environment: {{A: {value}}}\n", $"{value}.yaml"))
            .ToArray();

        var outcomes = await Task.WhenAll(
            new[] { session, other }.Select(
                (one, index) =>
                    Task.Run(() =>
                        one.Run(
                            "$n | Publish-SwarmStack -Path $f -Name shop -NoResolveImage -StableSeconds 0 -WarningAction SilentlyContinue",
                            ("n", ground.Nodes),
                            ("f", paths[index])
                        )
                    )
            )
        );

        Assert.All(outcomes, outcome => outcome.ThrowOnError());
        var spec = await ground.SpecAsync("shop_web");
        Assert.Contains((string)spec["TaskTemplate"]!["ContainerSpec"]!["Env"]![0]!, new[] { "A=a", "A=b" });
    }

    [Fact]
    public async Task Forty_services_are_compared_within_two_seconds_and_deployed_no_slower_than_by_the_docker_CLI()
    {
        Nightly.SkipUnlessAsked();
        using var ground = await StackGround.FormAsync(lab, session);
        await StackPlanTests.WriteFortyAsync(ground);
        StackPlanTests.ShowForty(ground);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        // The shortest of five: what else the machine does at the moment is no matter of the cmdlet.
        var compared = Enumerable
            .Range(0, 5)
            .Select(_ =>
            {
                watch.Restart();
                StackPlanTests.ShowForty(ground);
                return watch.Elapsed;
            })
            .Min();

        ground.Write("services:\n" + string.Concat(Enumerable.Range(1, 40).Select(index => $"  s{index}:\n    {Service}")));
        watch.Restart();
        ground.Publish("-TimeoutSeconds 300").ThrowOnError();
        var ours = watch.Elapsed;
        ground.Run("Remove-SwarmStack -Name shop -Confirm:$false").ThrowOnError();
        watch.Restart();
        await ground.CopyAsync(ground.Folder);
        await ground.ManagerAsync(
            $"cd {ground.Folder} && docker stack deploy --detach=false --resolve-image never -c compose.yaml shop >/dev/null 2>&1"
        );
        var theirs = watch.Elapsed;
        ground.Run("Remove-SwarmStack -Name shop -Confirm:$false").ThrowOnError();

        TestContext.Current.TestOutputHelper?.WriteLine($"Compared in {compared}, deployed in {ours}, by the docker CLI in {theirs}.");
        Assert.True(compared < TimeSpan.FromSeconds(2), $"{compared}");
        Assert.True(ours < theirs * 1.1, $"{ours}, and by the docker CLI {theirs}");
    }

    [Fact]
    public async Task A_registry_that_rejects_the_credential_is_told_before_anything_is_changed()
    {
        using var ground = await StackGround.FormAsync(lab, session);
        ground.Write($"services:\n  web:\n    image: {lab.PrivateRegistry.Address}/private/busybox:1\n");

        var failed = session.Run(
            "$n | Publish-SwarmStack -Path $f -Name shop -RegistryCredential $c",
            ("n", ground.Nodes),
            ("f", Path.Combine(ground.Folder, "compose.yaml")),
            ("c", lab.PrivateRegistry.Credential("wrong"))
        );

        Assert.Equal(["RegistryLoginRefused"], failed.ErrorIds);
        var closed = ground.Run("Publish-SwarmStack -Path $f -Name shop");
        Assert.Equal(["StackCheckFailed"], closed.ErrorIds);
        Assert.Contains(
            $"the registry does not show the image '{lab.PrivateRegistry.Address}/private/busybox:1' of 'shop_web' without a credential",
            closed.Errors[0].Exception.Message,
            StringComparison.Ordinal
        );
        Assert.Equal("", await ground.ManagerAsync("docker service ls -q; docker network ls -q --filter label=com.docker.stack.namespace"));
    }
}
