namespace SwarmOps.Tests.Unit;

/// <summary>A run that is killed after any EC2 call is completed by running the same command again.</summary>
public sealed class ProvisionKillTests(ProvisionMoto moto) : IClassFixture<ProvisionMoto>, IDisposable
{
    /// <summary>After which calls it is killed: those that <c>change</c> something, or <c>all</c>. Between two changes EC2 is the same.</summary>
    private static readonly bool AtAll = Environment.GetEnvironmentVariable("SWARMOPS_KILL") == "all";

    private static readonly string[] Regions = ["eu-central-1", "us-east-1"];

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Nodes_are_made_once_wherever_the_run_that_makes_them_is_killed()
    {
        var server = await moto.AddressAsync();
        var facts = new ProvisionFacts(server);
        var total = (await new ProvisionRun(server) { CountReads = AtAll }.RunAsync(ProvisionRun.Request(folder, "kill-0", Regions))).Calls;
        Assert.InRange(total, AtAll ? 24 : 12, AtAll ? 60 : 40);
        var killed = 0;
        for (var last = 1; last <= total; last++)
        {
            var request = ProvisionRun.Request(folder, $"kill-{last}", Regions);
            killed += (await new ProvisionRun(server) { CountReads = AtAll, DieAfter = last }.RunAsync(request)).Died ? 1 : 0;

            var again = await new ProvisionRun(server).RunAsync(request);

            Assert.Empty(again.Errors);
            Assert.Equal(2, again.Nodes.Count);
            foreach (var region in Regions)
                await facts.CheckRegionAsync(request.Cluster, region, 1);
        }

        Tell("made", killed, total);
        Assert.InRange(killed, total - 2, total);
    }

    [Fact]
    public async Task Nothing_is_left_wherever_the_run_that_removes_it_is_killed()
    {
        var server = await moto.AddressAsync();
        var facts = new ProvisionFacts(server);
        await MakeAsync(server, "gone-0");
        var total = (await new ProvisionRun(server) { CountReads = AtAll }.RemoveAsync("gone-0", Regions)).Calls;
        Assert.InRange(total, AtAll ? 20 : 8, AtAll ? 60 : 20);
        var killed = 0;
        for (var last = 1; last <= total; last++)
        {
            await MakeAsync(server, $"gone-{last}");
            killed += (await new ProvisionRun(server) { CountReads = AtAll, DieAfter = last }.RemoveAsync($"gone-{last}", Regions)).Died
                ? 1
                : 0;

            var again = await new ProvisionRun(server).RemoveAsync($"gone-{last}", Regions);

            Assert.Empty(again.Errors);
            Assert.Empty(await facts.LeftAsync($"gone-{last}", Regions));
        }

        Tell("removed", killed, total);
        Assert.InRange(killed, total - 2, total);
    }

    /// <summary>Nodes without a known host key: in no swarm, so that nothing but EC2 is asked.</summary>
    private async Task MakeAsync(Uri server, string cluster)
    {
        await new ProvisionRun(server).RunAsync(ProvisionRun.Request(folder, cluster, Regions));
        await new ProvisionFacts(server).ForgetHostKeysAsync(cluster, Regions);
    }

    private static void Tell(string what, int killed, int total) =>
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{what}: killed and run again after {killed} of {total} calls ({(AtAll ? "all" : "those that change something")})"
        );
}
