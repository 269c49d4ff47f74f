using System.Diagnostics;
using System.Globalization;

namespace SwarmOps.Tests.Lab;

/// <summary>Regions that join later get a node by the same line, and an even number of them is refused before anything is changed.</summary>
public sealed class GaleraGrowthTests(LabFixture lab) : IDisposable
{
    private static readonly bool AtAll = Environment.GetEnvironmentVariable("SWARMOPS_GALERA") == "all";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Two_regions_more_and_the_same_line_again_make_a_cluster_of_five()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var line = $"$n | New-GaleraService -Overlay db {GaleraGround.Image}";
        var nodes = await GaleraGround.FormAsync(lab, session);
        var first = (GaleraCluster)session.Run(line, ("n", nodes)).ThrowOnError().Objects.Single();
        await GaleraGround.AssertWritesReachAllAsync(lab);
        var added = new List<string>();
        try
        {
            nodes = await GrowAsync("us-gov-west-1", added);
            var versions = await GaleraGround.VersionsAsync(lab);
            Assert.Equal("GaleraEvenCount", Assert.Single(session.Run(line, ("n", nodes)).ErrorIds));
            Assert.Equal(versions, await GaleraGround.VersionsAsync(lab));

            nodes = await GrowAsync("us-west-2", added);
            var clock = Stopwatch.StartNew();
            var grown = (GaleraCluster)session.Run(line, ("n", nodes)).ThrowOnError().Objects.Single();

            GaleraGround.Say(
                string.Create(CultureInfo.InvariantCulture, $"grown from three regions to five in {clock.Elapsed.TotalSeconds:0.0} s")
            );
            GaleraGround.AssertWhole(grown, 5);
            Assert.Equal(first.Uuid, grown.Uuid);
            Assert.Equal(["0", "1", "2", "3", "4"], grown.GaleraNodes.OrderBy(node => node.Segment).Select(node => $"{node.Segment}"));
            Assert.Equal(
                first.GaleraNodes.Select(node => (node.Node, node.Segment)),
                grown.GaleraNodes.OrderBy(node => node.Segment).Take(3).Select(node => (node.Node, node.Segment))
            );
            Assert.Equal(
                new HashSet<string?>(["us-gov-west-1", "us-west-2"]),
                grown.GaleraNodes.OrderBy(node => node.Segment).Skip(3).Select(node => node.Region).ToHashSet()
            );
            await GaleraGround.AssertWritesReachAllAsync(lab);
        }
        finally
        {
            await GaleraGround.WipeAsync(lab);
            foreach (var name in added)
            {
                await ServiceSwarm.ManagerAsync(lab, $"docker node rm --force {name} >/dev/null 2>&1 || true");
                await lab.OnLabAsync("host", "remove", name);
            }

            await lab.RefreshAsync();
        }
    }

    private async Task<IReadOnlyList<SwarmNode>> GrowAsync(string region, List<string> added)
    {
        added.Add((await lab.OnLabAsync("host", "add", region)).Trim().Split('\n')[^1]);
        await lab.RefreshAsync();
        await lab.OnLabAsync("image", "load", added[^1], "mariadb");
        return session
            .Run("$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest", ("n", session.Nodes(lab)))
            .ThrowOnError()
            .Nodes;
    }
}
