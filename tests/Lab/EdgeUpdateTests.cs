using System.Collections.Concurrent;
using static SwarmOps.Tests.Lab.GeoDnsGround;
using static SwarmOps.Tests.Lab.LabRegions;

namespace SwarmOps.Tests.Lab;

/// <summary>Updates of an edge service, with name servers on the swarm: a region leaves DNS first, and is back afterwards, whatever happened.</summary>
public sealed class EdgeUpdateTests(LabFixture lab) : IDisposable
{
    /// <summary>How many points a run is killed at, from the first to the last one.</summary>
    private const int Kills = 6;

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_region_leaves_DNS_for_its_update_and_comes_back()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        ground.Run(ground.Create());
        const string update = "$n | Update-SwarmService -Name web-us-east-1 -StableSeconds 0 -Environment @{ A = '1' }";
        var before = ground.Get();

        ground.Run(update + " -WhatIf");
        ground.Run("$n | Update-SwarmService -Name web-us-east-1 -StableSeconds 0 -Label @{ a = 'b' }");
        Assert.Equal(before.Serial, ground.Get().Serial);

        // What a reader in the region would be answered, and which container runs there, during the update.
        var seen = new ConcurrentQueue<(string? Answer, string Container)>();
        using var end = new CancellationTokenSource();
        var watch = WatchAsync(ground, seen, end.Token);
        var updated = ground.Run(update + " -Verbose");
        await end.CancelAsync();
        await watch;

        Assert.Equal("web-us-east-1", Assert.IsType<SwarmService>(Assert.Single(updated.Objects)).Name);
        Assert.Contains(
            updated.Verbose,
            line => line.Contains("taking the region 'us-east-1' out of the zone 'edge.example.org'", StringComparison.Ordinal)
        );
        var containers = seen.Select(look => look.Container).Where(id => id.Length > 0).Distinct().ToList();
        Assert.Equal(2, containers.Count);
        // No moment in which the region was answered without a container, and none in which it was while its container changed.
        Assert.All(seen.Where(look => look.Container.Length == 0), look => Assert.Equal(West, look.Answer));
        Assert.Equal(West, seen.Last(look => look.Container == containers[0]).Answer);
        Assert.Equal(West, seen.First(look => look.Container == containers[1]).Answer);
        Assert.Equal(East, await ground.AskAsync(Eu, Continents[East]));
        var after = ground.Get();
        Assert.Equal((GeoDnsStatus.Healthy, before.Serial + 2), (after.Status, after.Serial));
        Assert.DoesNotContain(after.Regions, region => region.IsOut);
    }

    [Fact]
    public async Task What_an_admin_took_out_stays_out_and_a_failed_update_keeps_readers_away()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        ground.Run(ground.Create());
        ground.Run($"$n | Set-SwarmEdge -Name web -Region {West} -Out");
        ground.Run("$n | Update-SwarmService -Name web-us-west-1 -StableSeconds 0 -Environment @{ A = '1' }");
        Assert.True(ground.Get().Regions.Single(region => region.Name == West).IsOut);

        // A command that ends at once fails in the first region, and the second one is left alone.
        var failed = ground.Try(
            "$n | Update-SwarmService -Name web-us-east-1, web-eu-central-1 -StableSeconds 0 -ArgumentList false -UpdateFailureAction Pause -TimeoutSeconds 15"
        );
        Assert.Equal(2, failed.ErrorIds.Count);
        Assert.Equal("EdgeUpdateStopped", failed.ErrorIds[1]);
        Assert.Contains(
            failed.Warnings,
            warning => warning.StartsWith($"The region '{East}' stays out of the zone", StringComparison.Ordinal)
        );
        Assert.Equal(Eu, await ground.AskAsync(Eu, Continents[East]));
        Assert.Contains(
            ground.Get().Findings,
            finding => finding.StartsWith($"The region '{East}' is out of DNS for an update", StringComparison.Ordinal)
        );

        // The last healthy region is not updated, except with -NoDrain.
        var last = ground.Try("$n | Update-SwarmService -Name web-eu-central-1 -StableSeconds 0 -Environment @{ B = '1' }");
        Assert.Equal(["EdgeUpdateHasNoOther"], last.ErrorIds);
        ground.Run("$n | Update-SwarmService -Name web-eu-central-1 -StableSeconds 0 -Environment @{ B = '1' } -NoDrain");

        // The right command brings it back.
        ground.Run(Edge($"-Region {East} -Environment @{{ C = '1' }}"));
        await ground.WaitAsync(Eu, Continents[East], East, TimeSpan.FromSeconds(20));
        ground.Run($"$n | Set-SwarmEdge -Name web -Region {West} -In");
        Assert.Equal(GeoDnsStatus.Healthy, ground.Get().Status);
    }

    [Fact]
    public async Task An_update_of_all_regions_fails_no_page()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        ground.Run(ground.Create());
        var clients = new GeoDnsClients(lab);
        await clients.StartAsync();

        ground.Run(Edge("-Environment @{ A = '1' }"));
        ground.Run("$n | Update-SwarmService -Name web-eu-central-1, web-us-east-1, web-us-west-1 -StableSeconds 0 -Force");
        var read = await clients.StopAsync();

        foreach (var (region, pages, failures) in read)
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{region}: {pages} pages, {failures.Count} failures {string.Join("; ", failures.Take(3))}"
            );
        Assert.All(read, reader => Assert.Empty(reader.Failures));
        Assert.All(read, reader => Assert.True(reader.Pages > 50));
    }

    [Fact]
    public async Task A_run_that_was_killed_is_finished_by_the_same_command()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        ground.Run(ground.Create());
        var script = Path.Combine(Directory.CreateTempSubdirectory().FullName, "update.ps1");
        var value = 0;
        await WriteAsync();
        var total =
            await KillRun.RunAsync(script, 0, "effects") ?? throw new InvalidOperationException("The update does not even run whole.");
        var killed = 0;
        for (var index = 0; index < Kills; index++)
        {
            await WriteAsync();
            if (await KillRun.RunAsync(script, 1 + (index * (total - 1) / (Kills - 1)), "effects") is not null)
                continue;
            killed++;
            Assert.NotNull(await KillRun.RunAsync(script, 0, "effects"));
            var zone = ground.Get();
            Assert.DoesNotContain(zone.Regions, region => region.IsOut);
            Assert.True(zone.Status == GeoDnsStatus.Healthy, string.Join('\n', zone.Findings));
            await ground.WaitAsync(Eu, Continents[East], East, TimeSpan.FromSeconds(10));
        }

        Assert.True(killed >= Kills - 1, $"Only {killed} of {Kills} runs were killed ({total} points).");

        Task WriteAsync() =>
            File.WriteAllTextAsync(
                script,
                $"{KillRun.Nodes(lab)} | Update-SwarmService -Name web-us-east-1 -StableSeconds 0 -WaitForLock 60 -Environment @{{ V = '{value++}' }} -WarningAction SilentlyContinue"
            );
    }

    private async Task WatchAsync(GeoDnsGround ground, ConcurrentQueue<(string? Answer, string Container)> seen, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var answer = await ground.AskAsync(Eu, Continents[East]);
            seen.Enqueue((answer, (await lab.ExecAsync(ground.Host(East), "docker ps -q -f name=web-us-east-1")).Trim()));
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
