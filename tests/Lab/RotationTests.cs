using System.Security;
using System.Text.Json.Nodes;

namespace SwarmOps.Tests.Lab;

/// <summary>Secrets and configs get new values while services use them.</summary>
public sealed class RotationTests(LabFixture lab) : IDisposable
{
    private const string Image = "-Image lab/busybox:latest -NoResolveImage -StableSeconds 0 -UpdateMonitorSeconds 1 -StopGraceSeconds 1";

    /// <summary>How many of the points before a call that may change something are tried: a few, all with SWARMOPS_KILL=changes or all.</summary>
    private static readonly int Step = Environment.GetEnvironmentVariable("SWARMOPS_KILL") is "changes" or "all" ? 1 : 3;

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task All_services_get_the_new_value_as_they_had_the_old_one_and_the_old_one_goes()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session
            .Run(
                $"""
                $null = $n | New-SwarmSecret -Name pw -Value $v -Label @{"{"} team = 'db' {"}"}
                $null = $n | New-SwarmConfig -Name conf -Value one
                $null = $n | New-SwarmService -Name a {Image} -ArgumentList sleep, 900 -Secret @{"{"} Source = 'pw'; Target = 'x'; Uid = '7'; Mode = '0400' {"}"}, pw:y -Config conf:/c
                $null = $n | New-SwarmService -Name b {Image} -ArgumentList sleep, 900 -Secret pw
                $null = $n | New-SwarmService -Name once -Image lab/busybox:latest -NoResolveImage -Mode ReplicatedJob -RestartCondition None -ArgumentList true -Config conf
                $null = $n | New-SwarmService -Name other {Image} -ArgumentList sleep, 900
                """,
                ("n", nodes),
                ("v", Secure("first value"))
            )
            .ThrowOnError();
        var other = await SpecAsync("other");

        var plan = session
            .Run("$n | Update-SwarmSecret -Name pw -Value $v -WhatIf", ("n", nodes), ("v", Secure("second value")))
            .ThrowOnError();
        Assert.Empty(plan.Objects);
        Assert.Equal("pw", (await ServiceSwarm.ManagerAsync(lab, "docker secret ls --format '{{.Name}}'")).Trim());
        var outcome = session
            .Run("$n | Update-SwarmSecret -Name pw -Value $v -StableSeconds 0 -Verbose", ("n", nodes), ("v", Secure("second value")))
            .ThrowOnError();
        var config = session
            .Run(
                "$n | Update-SwarmConfig -Name conf -Value two -StableSeconds 0; $n | Update-SwarmConfig -Name conf -Value two -StableSeconds 0",
                ("n", nodes)
            )
            .ThrowOnError();

        var secret = (SwarmSecret)outcome.Objects.Single();
        Assert.Equal(
            ("pw", 2, "pw-v2", "a b", "db"),
            (secret.Name, secret.Version, secret.ObjectName, string.Join(' ', secret.Services), secret.Labels["team"])
        );
        Assert.DoesNotContain(outcome.Verbose, line => line.Contains("second", StringComparison.Ordinal));
        Assert.Equal("pw-v2", (await ServiceSwarm.ManagerAsync(lab, "docker secret ls --format '{{.Name}}'")).Trim());
        var files = (await SpecAsync("a"))["TaskTemplate"]!["ContainerSpec"]!["Secrets"]!
            .AsArray()
            .Select(file => $"{file!["SecretName"]} {file["File"]!.ToJsonString()}")
            .Order()
            .ToList();
        Assert.Equal(
            ["""pw-v2 {"Name":"x","UID":"7","GID":"0","Mode":256}""", """pw-v2 {"Name":"y","UID":"0","GID":"0","Mode":292}"""],
            files
        );
        Assert.Equal("second value", await ReadAsync("b", "/run/secrets/pw"));
        Assert.Equal("two", await ReadAsync("a", "/c"));
        Assert.True(JsonNode.DeepEquals(other, await SpecAsync("other")));

        // The job would run again if it were changed: it keeps its version, and says so; the second call has nothing to do but to say so again.
        Assert.Equal([2, 2], config.Objects.Cast<SwarmConfig>().Select(one => one.Version));
        Assert.All(
            config.Warnings,
            warning => Assert.Contains("The job 'once' keeps the earlier version", warning, StringComparison.Ordinal)
        );
        Assert.Equal(2, config.Warnings.Count);
        Assert.Equal(
            "conf conf-v2",
            string.Join(
                ' ',
                (await ServiceSwarm.ManagerAsync(lab, "docker config ls --format '{{.Name}}'"))
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Order()
            )
        );
    }

    [Theory]
    [InlineData("Rollback")]
    [InlineData("Pause")]
    [InlineData("Continue")]
    public async Task A_value_that_a_service_does_not_bear_is_taken_back_and_the_others_are_not_touched(string action)
    {
        if (action != "Rollback")
            Nightly.SkipUnlessAsked();
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session
            .Run(
                $"""
                $null = $n | New-SwarmConfig -Name conf -Value good
                $null = $n | New-SwarmService -Name a {Image} -ArgumentList sleep, 900 -Config conf:/c
                $null = $n | New-SwarmService -Name b {Image} -RestartDelaySeconds 0 -UpdateFailureAction {action} -ArgumentList sh, -c, 'grep -q good /c || exit 3; exec sleep 900' -Config conf:/c
                $null = $n | New-SwarmService -Name c {Image} -ArgumentList sleep, 900 -Config conf:/c
                """,
                ("n", nodes)
            )
            .ThrowOnError();
        var (b, c) = (await SpecAsync("b"), await SpecAsync("c"));

        var outcome = session.Run(
            $"$n | Update-SwarmConfig -Name conf -Value bad -StableSeconds 2 -TimeoutSeconds {(action == "Continue" ? 10 : 60)}",
            ("n", nodes)
        );

        Assert.Equal("StoredRotationFailed", Assert.Single(outcome.ErrorIds));
        var message = outcome.Errors[0].Exception.Message;
        Assert.Contains(
            "did not converge with version 2 of the config 'conf'; it was rolled back and runs as before. The earlier version was kept. Services with the new version: a. Services not changed: c.",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("non-zero exit (3)", message, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(b, await SpecAsync("b")), (await SpecAsync("b")).ToJsonString());
        Assert.True(JsonNode.DeepEquals(c, await SpecAsync("c")));
        Assert.Equal("good", await ReadAsync("b", "/c"));

        // The way out that the error names: the earlier value for all.
        var back = session.Run("$n | Update-SwarmConfig -Name conf -Value good -StableSeconds 0", ("n", nodes)).ThrowOnError();
        Assert.Equal("a b c", string.Join(' ', ((SwarmConfig)back.Objects.Single()).Services));
        Assert.Single((await ServiceSwarm.ManagerAsync(lab, "docker config ls -q")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    // No -T for wget: Debian's static busybox ends by a segmentation fault with it.
    [Fact]
    public async Task Readers_see_no_error_while_a_service_that_starts_first_gets_the_new_value()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.ManagerAsync(
            lab,
            "docker network inspect load >/dev/null 2>&1 || docker network create -d overlay load >/dev/null"
        );
        session
            .Run(
                $"""
                $null = $n | New-SwarmSecret -Name page -Value $v
                $null = $n | New-SwarmService -Name web {Image.Replace(
                    "-StopGraceSeconds 1",
                    "",
                    StringComparison.Ordinal
                )} -StopGraceSeconds 5 -Network load -EndpointMode Dnsrr -Replicas 2 -SpreadOver region -Secret page -ArgumentList httpd, -f, -p, 8080, -h, /run/secrets -HealthCommand 'wget -q -O /dev/null http://127.0.0.1:8080/page' -HealthIntervalSeconds 1
                $null = $n | New-SwarmService -Name reader {Image} -Mode Global -Network load -ArgumentList sh, -c, 'while :; do wget -q -O - http://web:8080/page || echo FAIL; echo; usleep 50000; done'
                """,
                ("n", nodes),
                ("v", Secure("old"))
            )
            .ThrowOnError();
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);

        session.Run("$n | Update-SwarmSecret -Name page -Value $v", ("n", nodes), ("v", Secure("new"))).ThrowOnError();
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);

        var log = session
            .Run("$n | Get-SwarmServiceLog -Name reader", ("n", nodes))
            .ThrowOnError()
            .Objects.Cast<SwarmLogEntry>()
            .Where(entry => entry.Message.Length > 0)
            .ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(
                ", ",
                log.GroupBy(entry => (entry.Region, entry.Message))
                    .Select(group => $"{group.Key.Region} {group.Key.Message}: {group.Count()}")
            )
        );
        Assert.DoesNotContain(log, entry => entry.Message is not ("old" or "new"));
        Assert.Equal(6, log.Select(entry => (entry.Region, entry.Message)).Distinct().Count());
        Assert.All(log.GroupBy(entry => entry.Region), region => Assert.Equal("new", region.MaxBy(entry => entry.Time)!.Message));
    }

    [Fact]
    public async Task A_service_that_stops_first_is_away_once_on_each_node()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session
            .Run(
                $"""
                $null = $n | New-SwarmSecret -Name page -Value $v
                $null = $n | New-SwarmService -Name web {Image} -Mode Global -PublishHost 8089:8080 -EndpointMode Dnsrr -Secret page -ArgumentList httpd, -f, -p, 8080, -h, /run/secrets
                """,
                ("n", nodes),
                ("v", Secure("old"))
            )
            .ThrowOnError();
        var readers = lab
            .Hosts.Select(host =>
                lab.ExecAsync(
                    host,
                    $"docker run -d --rm --name reader --network host lab/busybox:latest sh -c 'end=$(($(date +%s) + 45)); while [ $(date +%s) -lt $end ]; do wget -q -O - http://{host.PrivateAddress}:8089/page || echo FAIL; echo; usleep 50000; done' >/dev/null"
                )
            )
            .ToList();
        await Task.WhenAll(readers);

        session.Run("$n | Update-SwarmSecret -Name page -Value $v", ("n", nodes), ("v", Secure("new"))).ThrowOnError();

        foreach (var host in lab.Hosts)
        {
            var seen = (await lab.ExecAsync(host, "sleep 1; docker logs reader 2>/dev/null; docker rm -f reader >/dev/null")).Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries
            );
            var runs = new List<string>();
            foreach (var line in seen.Where(line => runs.Count == 0 || runs[^1] != line))
                runs.Add(line);
            Assert.Equal("old FAIL new", string.Join(' ', runs));
        }
    }

    [Fact]
    public async Task Killed_anywhere_and_run_again_it_finishes()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session
            .Run(
                $"""
                $null = $n | New-SwarmSecret -Name pw -Value $v
                $null = $n | New-SwarmService -Name a {Image} -ArgumentList sleep, 900 -Secret pw
                $null = $n | New-SwarmService -Name b {Image} -ArgumentList sleep, 900 -Secret pw
                """,
                ("n", nodes),
                ("v", Secure("first"))
            )
            .ThrowOnError();
        var (killed, points, version) = (0, 0, 1);
        for (var point = 1; ; point += Step)
        {
            var value = $"value-{point}";
            var script = WriteScript(value);
            try
            {
                points++;
                var ended = await KillRun.RunAsync(script, point) is not null;
                if (!ended)
                {
                    killed++;
                    Assert.NotNull(await KillRun.RunAsync(script, 0));
                }

                var secret = (SwarmSecret)
                    session.Run("$n | Get-SwarmSecret -Name pw -AllVersions", ("n", nodes)).ThrowOnError().Objects.Single();
                Assert.Equal("a b", string.Join(' ', secret.Services));
                Assert.True(secret.Version > version);
                version = secret.Version;
                Assert.Equal([value, value], new[] { await ReadAsync("a", "/run/secrets/pw"), await ReadAsync("b", "/run/secrets/pw") });
                if (ended)
                    break;
            }
            finally
            {
                File.Delete(script);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"killed and run again at {killed} of {points} points");
        Assert.True(killed >= 2);
    }

    private string WriteScript(string value)
    {
        var path = Path.GetTempFileName() + ".ps1";
        File.WriteAllText(
            path,
            $"$v = [securestring]::new(); '{value}'.ToCharArray() | ForEach-Object {{ $v.AppendChar($_) }}\n$null = {KillRun.Nodes(lab)} | Update-SwarmSecret -Name pw -Value $v -StableSeconds 0"
        );
        return path;
    }

    private static SecureString Secure(string text)
    {
        var value = new SecureString();
        foreach (var character in text)
            value.AppendChar(character);
        return value;
    }

    private async Task<JsonNode> SpecAsync(string service) =>
        JsonNode.Parse(
            await ServiceSwarm.ManagerAsync(lab, $"curl -s --unix-socket /var/run/docker.sock http://x/v1.41/services/{service}")
        )!["Spec"]!;

    /// <summary>Reads a file in the running container of a service, wherever it is.</summary>
    private async Task<string> ReadAsync(string service, string path)
    {
        var id = (await ServiceSwarm.ManagerAsync(lab, "docker service inspect -f '{{.ID}}' " + service)).Trim();
        var task = (
            await ServiceSwarm.ManagerAsync(lab, $"docker service ps -q --no-trunc -f desired-state=running {id} | head -n 1")
        ).Trim();
        var texts = await Task.WhenAll(
            lab.Hosts.Select(host =>
                lab.ExecAsync(
                    host,
                    $"c=$(docker ps -q -f label=com.docker.swarm.task.id={task}); [ -z \"$c\" ] || docker exec $c cat {path}"
                )
            )
        );
        return string.Concat(texts);
    }
}
