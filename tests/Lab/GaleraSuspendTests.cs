namespace SwarmOps.Tests.Lab;

/// <summary>A host of a Galera node that is suspended, rebooted and resumed under writes.</summary>
public sealed class GaleraSuspendTests : IDisposable
{
    private readonly LabFixture lab;
    private readonly Session session = new();
    private readonly GaleraSwarm cluster;
    private readonly GaleraWriters writers;

    public GaleraSuspendTests(LabFixture lab)
    {
        this.lab = lab;
        cluster = new GaleraSwarm(lab, session);
        writers = new GaleraWriters(lab, session, cluster);
    }

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_host_is_rebooted_under_writes_and_no_acknowledged_write_is_lost()
    {
        Nightly.SkipUnlessAsked();
        await cluster.FormAsync();
        await writers.StartAsync();
        var west = lab.Hosts.First(host => host.Region == "us-west-1");
        var east = lab.Hosts.First(host => host.Region == "us-east-1");

        // The writer there is bound to its region, and goes with the node.
        var refused = session.Run($"$n | Suspend-SwarmNode -Name {west.Name}", ("n", cluster.Nodes));
        Assert.Equal(["SuspendWouldBeNoticed"], refused.ErrorIds);
        Assert.DoesNotContain("Galera", refused.Errors[0].Exception.Message, StringComparison.Ordinal);
        session.Run($"$n | Suspend-SwarmNode -Name {west.Name} -Force", ("n", cluster.Nodes)).ThrowOnError();
        var without = cluster.Get();
        Assert.All(
            without.GaleraNodes.Where(node => node.Node != west.Name),
            node => Assert.Equal(("Synced", "Primary", 2), (node.State, node.ClusterStatus, node.ClusterSize))
        );

        // Two of three: a second one would take the majority.
        var second = session.Run($"$n | Suspend-SwarmNode -Name {east.Name}", ("n", cluster.Nodes));
        Assert.Equal(["SuspendWouldBeNoticed"], second.ErrorIds);
        Assert.Contains("the Galera cluster 'galera' is not whole", second.Errors[0].Exception.Message, StringComparison.Ordinal);

        await lab.OnLabAsync("host", "reboot", west.Name);
        session.Run($"$n | Resume-SwarmNode -Name {west.Name}", ("n", cluster.Nodes)).ThrowOnError();
        GaleraGround.AssertWhole(cluster.Get());
        var tally = await writers.StopAsync();
        GaleraGround.Say($"suspend, reboot, resume: {tally}");
        Assert.Equal(0, tally.Missing);
        Assert.True(tally.Acknowledged > 100, tally.ToString());
        // Those in the other regions go on: the view changes within a second or two.
        Assert.All(
            tally.LongestStall.Where(stall => stall.Key != west.Region),
            stall => Assert.True(stall.Value < TimeSpan.FromSeconds(15), tally.ToString())
        );
    }
}
