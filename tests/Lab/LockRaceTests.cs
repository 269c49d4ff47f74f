using SwarmOps.Swarm.Managers;

namespace SwarmOps.Tests.Lab;

/// <summary>Two administrators at once: each pair of changes that could split a swarm or strand a manager, raced from two machines.</summary>
public sealed class LockRaceTests(LabFixture lab) : IDisposable
{
    private const string Promotion = "$n | Step-SwarmPromotion";
    private const string DemotionToOne = "$n | Step-SwarmDemotion -ManagerCount 1 -Confirm:$false";

    private static readonly bool AtAll = Environment.GetEnvironmentVariable("SWARMOPS_OUTAGE") == "all";

    /// <summary>How often each pair is raced: often only where time does not matter.</summary>
    private static readonly int Rounds = AtAll ? 20 : 1;

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Theory]
    [InlineData("", "")]
    [InlineData(" -On $n0.Name", " -On $n2.Name")]
    public async Task Two_pipelines_on_bare_engines_make_one_swarm(string one, string other)
    {
        for (var round = 1; round <= Rounds; round++)
        {
            await lab.ResetAsync();

            var ends = await Administrator.RaceAsync(lab, Pipeline(one), Pipeline(other));

            var swarms = await SwarmsAsync();
            Assert.True(swarms.Count == 1, $"Round {round}: {swarms.Count} swarms; {string.Join(" / ", ends)}");
            await JudgeAsync(round, ends, managers: 3);
        }
    }

    [Fact]
    public async Task Two_sets_that_overlap_make_one_swarm_of_what_they_share()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_OUTAGE=all");
        for (var round = 1; round <= Rounds; round++)
        {
            await lab.ResetAsync();

            var ends = await Administrator.RaceAsync(
                lab,
                "$n0, $n1 | Initialize-Swarm -SkipReachabilityTest",
                "$n1, $n0, $n2 | Initialize-Swarm -SkipReachabilityTest"
            );

            Assert.True((await SwarmsAsync()).Count == 1 && ends.All(IsClear), $"Round {round}: {string.Join(" / ", ends)}");
            await SwarmLockFacts.AssertNoLockAsync(lab);
        }
    }

    [Fact]
    public async Task Two_promotions_at_once_end_in_three_managers()
    {
        for (var round = 1; round <= Rounds; round++)
        {
            await lab.OneManagerAsync(session);
            await JudgeAsync(round, await Administrator.RaceAsync(lab, Promotion, Promotion), managers: 3);
        }
    }

    [Fact]
    public async Task Two_demotions_at_once_leave_one_manager()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_OUTAGE=all");
        for (var round = 1; round <= Rounds; round++)
        {
            await lab.ThreeManagersAsync(session);
            await JudgeAsync(round, await Administrator.RaceAsync(lab, DemotionToOne, DemotionToOne), managers: 1);
        }
    }

    [Fact]
    public async Task A_demotion_beside_a_promotion_waits_for_its_end()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_OUTAGE=all");
        for (var round = 1; round <= Rounds; round++)
        {
            await lab.OneManagerAsync(session);
            using var promoting = Administrator.Start(lab, Promotion);
            await SwarmLockFacts.UntilHeldAsync(lab);
            using var demoting = Administrator.Start(lab, DemotionToOne);
            var ends = await Task.WhenAll(promoting.EndAsync(), demoting.EndAsync());

            var managers = (await SwarmFacts.NodesAsync(lab)).Count(row => row[2] is "Leader" or "Reachable");
            Assert.True(managers is 1 or 3, $"Round {round}: {managers} managers; {string.Join(" / ", ends)}");
            await JudgeAsync(round, ends, managers);
        }
    }

    /// <summary>Each removal alone leaves a swarm that can work; both at once would take its quorum away.</summary>
    [Fact]
    public async Task Two_removals_at_once_leave_a_swarm_that_works()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_OUTAGE=all");
        for (var round = 1; round <= Rounds; round++)
        {
            await lab.ThreeManagersAsync(session);
            var ends = await Administrator.RaceAsync(
                lab,
                "$n1 | Remove-SwarmNode -Manager $n -Confirm:$false -WarningAction SilentlyContinue",
                "$n2 | Remove-SwarmNode -Manager $n -Confirm:$false -WarningAction SilentlyContinue"
            );

            Assert.True(
                ends.All(end => IsClear(end) || end.StartsWith("LeaderOfTwoManagers:", StringComparison.Ordinal)),
                $"Round {round}: {string.Join(" / ", ends)}"
            );
            var rows = await SwarmFacts.NodesAsync(lab);
            Assert.Equal(3 - ends.Count(end => end == "well"), rows.Count);
            Assert.All(
                rows,
                row => Assert.True(row[1] == "Ready" && row[2] is "Leader" or "Reachable", $"Round {round}: {string.Join(' ', row)}")
            );
            await SwarmLockFacts.AssertNoLockAsync(lab);
        }
    }

    [Fact]
    public async Task Two_rotations_at_once_leave_one_version_that_the_service_has()
    {
        for (var round = 1; round <= Rounds; round++)
        {
            var nodes = await ServiceSwarm.FormAsync(lab, session);
            session
                .Run(
                    """
                    $null = $n | New-SwarmSecret -Name pw
                    $null = $n | New-SwarmService -Name app -Image lab/busybox:latest -NoResolveImage -StableSeconds 0 -UpdateMonitorSeconds 1 -StopGraceSeconds 1 -ArgumentList sleep, 900 -Secret pw
                    """,
                    ("n", nodes)
                )
                .ThrowOnError();

            var ends = await Administrator.RaceAsync(
                lab,
                "$n | Update-SwarmSecret -Name pw -StableSeconds 0",
                "$n | Update-SwarmSecret -Name pw -StableSeconds 0"
            );

            Assert.True(ends.All(IsClear), $"Round {round}: {string.Join(" / ", ends)}");
            var secret = (await ServiceSwarm.ManagerAsync(lab, "docker secret ls --format '{{.Name}}'")).Trim();
            Assert.Equal($"pw-v{1 + ends.Count(end => end == "well")}", secret);
            Assert.Equal(
                secret,
                (
                    await ServiceSwarm.ManagerAsync(
                        lab,
                        "docker service inspect -f '{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{.SecretName}}{{end}}' app"
                    )
                ).Trim()
            );
            // The new task starts first: the old one may still be ending.
            await ManagerLab.UntilAsync(
                async () =>
                    (await ServiceSwarm.ManagerAsync(lab, "docker service ls --format '{{.Replicas}}'")).Trim() is var replicas
                    && replicas == "1/1"
                        ? (true, replicas)
                        : (false, replicas),
                30
            );
            await SwarmLockFacts.AssertNoLockAsync(lab);
        }
    }

    private static string Pipeline(string on) => $"$n | Initialize-Swarm{on} | Join-SwarmAsWorker | Step-SwarmPromotion";

    /// <summary>Well, or told who was at work.</summary>
    private static bool IsClear(string end) => end == "well" || end.StartsWith("SwarmLockHeld:", StringComparison.Ordinal);

    private async Task JudgeAsync(int round, string[] ends, int managers)
    {
        Assert.True(ends.All(IsClear) && ends.Contains("well"), $"Round {round}: {string.Join(" / ", ends)}");
        await SwarmFacts.AssertHealthyAsync(lab, managers);
        await SwarmLockFacts.AssertNoLockAsync(lab);
    }

    /// <summary>The ids of the swarms that the hosts' managers say they manage.</summary>
    private async Task<IReadOnlyCollection<string>> SwarmsAsync()
    {
        var ids = await Task.WhenAll(
            lab.Hosts.Select(host => lab.ExecAsync(host, "docker info -f '{{if .Swarm.Cluster}}{{.Swarm.Cluster.ID}}{{end}}'"))
        );
        return [.. ids.Select(id => id.Trim()).Where(id => id.Length > 0).Distinct()];
    }
}
