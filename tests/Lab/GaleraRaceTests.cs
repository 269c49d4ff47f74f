namespace SwarmOps.Tests.Lab;

/// <summary>Two administrators repair, or form, one database at once.</summary>
public sealed class GaleraRaceTests(LabFixture lab) : IDisposable
{
    private const string Markers = "ls -a " + GaleraSwarm.Data + " 2>/dev/null | grep -cx .swarmops-bootstrap; true";

    /// <summary>A round takes two or three minutes on two processors.</summary>
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SWARMOPS_GALERA") == "all" ? 20 : 1;

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Two_repairs_at_once_found_once_and_keep_every_row()
    {
        var cluster = new GaleraSwarm(lab, session);
        await cluster.FormAsync();
        await cluster.SqlAsync(
            lab.Hosts[0],
            "create database if not exists race; create or replace table race.rounds (number int primary key)"
        );
        for (var round = 1; round <= Rounds; round++)
        {
            await cluster.HealthyAsync(TimeSpan.FromMinutes(5));
            await cluster.SqlAsync(lab.Hosts[round % lab.Hosts.Count], $"insert into race.rounds values ({round})");
            await cluster.ScaleAsync(0);
            await cluster.GoneAsync();
            await cluster.ScaleAsync(1);

            const string repair = "$n | Repair-GaleraCluster -WaitForLock 600 -WarningAction SilentlyContinue";
            using var one = Administrator.Start(lab, repair);
            using var other = Administrator.Start(lab, repair);
            var ends = Task.WhenAll(one.EndAsync(), other.EndAsync());
            var most = 0;
            while (!ends.IsCompleted)
            {
                most = Math.Max(most, (await cluster.OnAllAsync(Markers)).Sum(int.Parse));
                // A marker stands for seconds, and looks without a pause would take the processors from the repairs.
                await Task.WhenAny(ends, Task.Delay(500, TestContext.Current.CancellationToken));
            }

            Assert.All(await ends, end => Assert.Equal("well", end));
            Assert.True(most <= 1, $"Round {round}: {most} markers at once.");
            Assert.Equal(0, (await cluster.OnAllAsync(Markers)).Sum(int.Parse));
            var healthy = await cluster.HealthyAsync(TimeSpan.FromMinutes(5));
            Assert.Single(healthy.GaleraNodes.Select(node => node.Uuid).Distinct());
            foreach (var host in lab.Hosts)
                Assert.Equal($"{round}", (await cluster.SqlAsync(host, "select count(*) from race.rounds")).Trim());
            await SwarmLockFacts.AssertNoLockAsync(lab);
        }
    }
}
