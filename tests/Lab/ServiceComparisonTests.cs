using System.Text.Json.Nodes;

namespace SwarmOps.Tests.Lab;

/// <summary>What is sent to the engine equals what the docker CLI sends for the same words, field by field.</summary>
public sealed class ServiceComparisonTests(LabFixture lab) : IDisposable
{
    private const string Image = "lab/busybox:latest";

    private readonly Session session = new();

    // What does not exclude each other stands in one row: a difference is named by its field all the same.
    public static TheoryData<string, string> Definitions =>
        new()
        {
            { "", "" },
            { "-Replicas 2 -ArgumentList sleep, 900", "--replicas 2 :: sleep 900" },
            { "-Command /bin/sh, -c -ArgumentList 'sleep 900'", "--entrypoint '/bin/sh -c' :: 'sleep 900'" },
            { "-Replicas 0", "--replicas 0" },
            { "-Mode Global -ArgumentList sleep, 900", "--mode global :: sleep 900" },
            {
                "-Mode ReplicatedJob -Replicas 3 -MaxConcurrent 2 -RestartCondition None -ArgumentList true",
                "--mode replicated-job --replicas 3 --max-concurrent 2 --restart-condition none :: true"
            },
            {
                "-Mode ReplicatedJob -Replicas 3 -RestartCondition OnFailure -ArgumentList true",
                "--mode replicated-job --replicas 3 --restart-condition on-failure :: true"
            },
            { "-Mode GlobalJob -RestartCondition None -ArgumentList true", "--mode global-job --restart-condition none :: true" },
            {
                "-Network compare-a, compare-b:db:master -EndpointMode Dnsrr",
                "--network compare-a --network name=compare-b,alias=db,alias=master --endpoint-mode dnsrr"
            },
            { "-Network host", "--network host" },
            { "-Publish 18080:80, 5353:53/udp", "--publish 18080:80 --publish 5353:53/udp" },
            {
                "-PublishHost 8081, 8443:443, 5354:53/udp -EndpointMode Dnsrr",
                "--publish mode=host,target=8081,published=8081 --publish mode=host,target=443,published=8443 --publish mode=host,target=53,published=5354,protocol=udp --endpoint-mode dnsrr"
            },
            { "-Publish 80", "--publish target=80" },
            {
                "-Mount /tmp:/data, /etc:/etc-host:ro, cache:/cache",
                "--mount type=bind,src=/tmp,dst=/data --mount type=bind,src=/etc,dst=/etc-host,readonly --mount type=volume,src=cache,dst=/cache"
            },
            {
                "-Secret @{ Source = 'compare-s'; Target = 'a'; Uid = 999; Gid = 998; Mode = '0400' }, compare-s:b",
                "--secret source=compare-s,target=a,uid=999,gid=998,mode=0400 --secret source=compare-s,target=b"
            },
            {
                "-Constraint node.labels.region==eu-central-1, 'node.role!=worker' -SpreadOver region, node.labels.zone -MaxReplicasPerNode 2",
                "--constraint node.labels.region==eu-central-1 --constraint 'node.role!=worker' --placement-pref spread=node.labels.region --placement-pref spread=node.labels.zone --replicas-max-per-node 2"
            },
            {
                "-Environment ([ordered]@{ B = '2'; A = 'x=y z'; E = '' }) -User 1000:1001 -Group 5, 6 -WorkingDirectory /tmp -Hostname '{{.Node.Hostname}}' -LimitCpu 0.5 -LimitMemory 64MB -LimitPids 100 -ReserveCpu 0.1 -ReserveMemory 32MB -HealthCommand 'test -e /bin/sh' -HealthIntervalSeconds 2.5 -HealthTimeoutSeconds 2 -HealthStartPeriodSeconds 9 -HealthRetries 4 -RestartCondition OnFailure -RestartDelaySeconds 3 -RestartMaxAttempts 4 -RestartWindowSeconds 9",
                "--env B=2 --env 'A=x=y z' --env E= --user 1000:1001 --group 5 --group 6 --workdir /tmp --hostname '{{.Node.Hostname}}' --limit-cpu 0.5 --limit-memory 64m --limit-pids 100 --reserve-cpu 0.1 --reserve-memory 32m --health-cmd 'test -e /bin/sh' --health-interval 2.5s --health-timeout 2s --health-start-period 9s --health-retries 4 --restart-condition on-failure --restart-delay 3s --restart-max-attempts 4 --restart-window 9s"
            },
            {
                "-UpdateParallelism 0 -UpdateDelaySeconds 1 -UpdateMonitorSeconds 7 -UpdateMaxFailureRatio 0.25 -UpdateOrder StartFirst -RollbackParallelism 0 -RollbackOrder StartFirst -Label @{ l = '1'; 'com.example.x' = '' } -ContainerLabel @{ k = 'v' } -Dns 192.0.2.53 -DnsSearch example.org -DnsOption ndots:2 -HostEntry db:192.0.2.9 -CapabilityAdd net_admin, CAP_SYS_TIME -CapabilityDrop all -Sysctl @{ 'net.core.somaxconn' = '99' } -LogDriver json-file -LogOption @{ 'max-size' = '1m' }",
                "--update-parallelism 0 --update-delay 1s --update-monitor 7s --update-max-failure-ratio 0.25 --update-order start-first --rollback-parallelism 0 --rollback-order start-first --label l=1 --label com.example.x= --container-label k=v --dns 192.0.2.53 --dns-search example.org --dns-option ndots:2 --host db:192.0.2.9 --cap-add NET_ADMIN --cap-add SYS_TIME --cap-drop ALL --sysctl net.core.somaxconn=99 --log-driver json-file --log-opt max-size=1m"
            },
            {
                "-Tmpfs /run, /scratch:size=16m:mode=1777 -NoHealthCheck -Init -ReadOnly -Tty -StopGraceSeconds 20 -StopSignal SIGINT",
                "--mount type=tmpfs,dst=/run --mount type=tmpfs,dst=/scratch,tmpfs-size=16777216,tmpfs-mode=1777 --no-healthcheck --init --read-only --tty --stop-grace-period 20s --stop-signal SIGINT"
            },
            {
                "-Secret compare-s -Config compare-c:/etc/x, @{ Source = 'compare-c'; Target = '/run.sh'; Mode = '0555' }",
                "--secret compare-s --config source=compare-c,target=/etc/x --config source=compare-c,target=/run.sh,mode=0555"
            },
        };

    public void Dispose() => session.Dispose();

    [Theory]
    [MemberData(nameof(Definitions))]
    public async Task It_is_what_the_docker_CLI_sends(string ours, string cli)
    {
        var nodes = await NodesAsync();
        var options = cli.Split("::", 2);
        await ServiceSwarm.ManagerAsync(
            lab,
            $"docker service create -q --detach --no-resolve-image --name compare --update-failure-action rollback --update-order ORDER {options[0]} {Image} {(options.Length == 2 ? options[1] : "")} >/dev/null"
                .Replace(
                    "--update-order ORDER",
                    cli.Contains("--update-order", StringComparison.Ordinal) ? "" : $"--update-order {SafeOrder(ours)}",
                    StringComparison.Ordinal
                )
                .Replace(
                    "--update-failure-action rollback --update-order stop-first",
                    ours.Contains("Job", StringComparison.Ordinal) ? "" : "--update-failure-action rollback --update-order stop-first",
                    StringComparison.Ordinal
                )
        );
        var theirs = await SpecAsync();
        await ServiceSwarm.ManagerAsync(lab, "docker service rm compare >/dev/null");

        var command = $"$n | New-SwarmService -Name compare -Image {Image} -NoResolveImage -NoWait {ours}";
        session.Run(command, ("n", nodes)).ThrowOnError();
        var made = await SpecAsync();
        var version = await VersionAsync();
        var again = session.Run(command + " -Verbose", ("n", nodes)).ThrowOnError();

        Assert.Equal(Canonical(theirs), Canonical(made));
        Assert.Equal(version, await VersionAsync());
        Assert.DoesNotContain(again.Verbose, line => line.StartsWith("compare: ", StringComparison.Ordinal));
        await ServiceSwarm.ManagerAsync(lab, "docker service rm compare >/dev/null");
    }

    /// <summary>The documented choice: stop-first for what takes one task at a time, else start-first.</summary>
    private static string SafeOrder(string ours) =>
        ours.Contains("Global", StringComparison.Ordinal)
        || ours.Contains("Job", StringComparison.Ordinal)
        || ours.Contains("-PublishHost", StringComparison.Ordinal)
        || ours.Contains("-Mount", StringComparison.Ordinal)
        || ours.Contains("-MaxReplicasPerNode", StringComparison.Ordinal)
            ? "stop-first"
            : "start-first";

    /// <summary>The document as the engine keeps it; files in an order, since the CLI sends configs in the order of a Go map.</summary>
    private static string Canonical(JsonNode spec)
    {
        var container = spec["TaskTemplate"]!["ContainerSpec"]!.AsObject();
        foreach (var list in new[] { "Secrets", "Configs", "Mounts" })
        {
            if (container[list] is JsonArray files)
                container[list] = new JsonArray([
                    .. files.Select(file => file!.DeepClone()).OrderBy(file => file.ToJsonString(), StringComparer.Ordinal),
                ]);
        }

        return Sorted(spec)!.ToJsonString(new() { WriteIndented = true });
    }

    private static JsonNode? Sorted(JsonNode? node) =>
        node switch
        {
            JsonObject table => new JsonObject(
                table
                    .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))
            ),
            JsonArray list => new JsonArray([.. list.Select(Sorted)]),
            _ => node?.DeepClone(),
        };

    private async Task<IReadOnlyList<SwarmNode>> NodesAsync()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.ManagerAsync(
            lab,
            """
            for network in compare-a compare-b; do docker network inspect $network >/dev/null 2>&1 || docker network create -d overlay $network >/dev/null; done
            printf x | docker secret create compare-s - >/dev/null
            printf x | docker config create compare-c - >/dev/null
            """
        );
        return nodes;
    }

    private async Task<JsonNode> SpecAsync() =>
        JsonNode.Parse(await ServiceSwarm.ManagerAsync(lab, "curl -s --unix-socket /var/run/docker.sock http://x/v1.41/services/compare"))![
            "Spec"
        ]!;

    private async Task<string> VersionAsync() =>
        (await ServiceSwarm.ManagerAsync(lab, "docker service inspect -f '{{.UpdatedAt}}' compare")).Trim();
}
