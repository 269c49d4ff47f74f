using System.Collections.Concurrent;
using static SwarmOps.Tests.Lab.GeoDnsGround;

namespace SwarmOps.Tests.Lab;

/// <summary>An edge service of a stack, with the stack's own name servers: a region leaves DNS while its tasks are replaced, and is back afterwards, also after a rollback.</summary>
public sealed class StackEdgeTests(LabFixture lab) : IDisposable
{
    private const string Eu = "eu-central-1",
        East = "us-east-1",
        West = "us-west-1";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_region_of_a_stack_is_out_of_DNS_while_it_is_updated_or_rolled_back()
    {
        Nightly.SkipUnlessAsked();
        // The swarm, the image of the name servers and clean hosts; the stack has an edge service of its own.
        var geo = await GeoDnsGround.FormAsync(lab, session);
        geo.Run("$n | Remove-SwarmService -Name web-eu-central-1, web-us-east-1, web-us-west-1 -Confirm:$false");
        using var ground = await StackGround.FormAsync(lab, session);
        ground.Write(File("0"));
        try
        {
            ground.Publish("-StableSeconds 0").ThrowOnError();
            await geo.WaitAsync(Eu, Continents[East], East, TimeSpan.FromSeconds(30));
            var before = geo.Get();
            Assert.Equal(GeoDnsStatus.Healthy, before.Status);

            // What a reader in the east is answered, and which container runs there.
            var seen = new ConcurrentQueue<(string? Answer, string Container)>();
            using var end = new CancellationTokenSource();
            var watch = WatchAsync(geo, seen, end.Token);
            ground.Write(File("1"));
            var updated = ground.Publish("-StableSeconds 0 -Verbose").ThrowOnError();
            await end.CancelAsync();
            await watch;

            foreach (var region in new[] { Eu, East, West })
                Assert.Contains(
                    updated.Verbose,
                    line => line.Contains($"taking the region '{region}' out of the zone '{Zone}'", StringComparison.Ordinal)
                );
            Assert.Equal(2, seen.Select(look => look.Container).Where(id => id.Length > 0).Distinct().Count());
            // No moment in which the region was answered without a container.
            Assert.All(seen.Where(look => look.Container.Length == 0), look => Assert.NotEqual(East, look.Answer));
            Assert.Contains(seen, look => look.Answer is not null && look.Answer != East);
            await AssertHealthyAsync(geo);
            var drained = geo.Get();
            Assert.Equal(before.Serial + 6, drained.Serial);

            // Without the drain DNS is left alone.
            ground.Write(File("2"));
            var quick = ground.Publish("-StableSeconds 0 -NoDrain -Verbose").ThrowOnError();
            Assert.DoesNotContain(quick.Verbose, line => line.Contains("out of the zone", StringComparison.Ordinal));
            Assert.Equal(drained.Serial, geo.Get().Serial);

            // The first region fails: it is rolled back and in DNS again, and the others were left alone.
            ground.Write(File("3").Replace("exec httpd", "exit 3; exec httpd", StringComparison.Ordinal));
            var failed = ground.Publish("-StableSeconds 0 -TimeoutSeconds 40");
            Assert.Equal(["StackNotDeployed"], failed.ErrorIds);
            var message = failed.Errors[0].Exception.Message;
            Assert.Contains($"Rolled back and verified: shop_web-{Eu}.", message, StringComparison.Ordinal);
            Assert.Contains(
                $"Not deployed, since they depend on these: shop_web-{East}, shop_web-{West}.",
                message,
                StringComparison.Ordinal
            );
            await AssertHealthyAsync(geo);
        }
        finally
        {
            ground.Run("Remove-SwarmStack -Name shop -Confirm:$false");
            ground.Run($"Remove-SwarmGeoDns -Zone {Zone} -Confirm:$false");
        }
    }

    private async Task WatchAsync(GeoDnsGround geo, ConcurrentQueue<(string? Answer, string Container)> seen, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var answer = await geo.AskAsync(Eu, Continents[East]);
            seen.Enqueue((answer, (await lab.ExecAsync(geo.Host(East), $"docker ps -q -f name=shop_web-{East}")).Trim()));
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static async Task AssertHealthyAsync(GeoDnsGround geo)
    {
        await geo.WaitAsync(Eu, Continents[East], East, TimeSpan.FromSeconds(20));
        var zone = geo.Get();
        Assert.True(zone.Status == GeoDnsStatus.Healthy, string.Join('\n', zone.Findings));
        Assert.DoesNotContain(zone.Regions, region => region.IsOut);
    }

    /// <summary>Clients are located by their continents, and the hosts themselves by their public addresses.</summary>
    private string Networks() =>
        string.Join(
            ", ",
            lab.Hosts.GroupBy(host => host.Region)
                .Select(region =>
                    $"{region.Key}: [{string.Join(", ", region.Select(host => $"{host.PublicAddress}/32").Prepend(Continents[region.Key]).Select(network => $"'{network}'"))}]"
                )
        );

    private string File(string version) =>
        $$$"""
            services:
              web:
                image: lab/busybox:latest
                hostname: "{{.Node.Hostname}}"
                command: [sh, -c, "mkdir /tmp/w; hostname >/tmp/w/index.html; exec httpd -f -p 80 -h /tmp/w"]
                environment: {VERSION: "{{{version}}}"}
                stop_grace_period: 1s
                ports: ["8087:80"]
                healthcheck: {test: "wget -q -O /dev/null http://127.0.0.1/", interval: 1s, timeout: 1s}
                deploy: {update_config: {monitor: 1s}, restart_policy: {delay: 0s}}
                x-swarmops:
                  edge: true
                  geoDns:
                    zone: {{{Zone}}}
                    image: {{{Image}}}
                    healthPath: /
                    healthInterval: 2s
                    healthTimeout: 1s
                    healthRetries: 2
                    ttl: 5s
                    networkMap: {{{{Networks()}}}}
            """;
}
