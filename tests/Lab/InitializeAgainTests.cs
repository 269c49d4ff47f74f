namespace SwarmOps.Tests.Lab;

/// <summary>What cannot be changed any more on a swarm that is there is refused, and the same line again is not.</summary>
public sealed class InitializeAgainTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_listen_address_is_compared_with_the_one_that_the_node_has()
    {
        await lab.ResetAsync();
        var first = lab.Hosts[0];
        var nodes = session.Nodes(lab).Take(1).ToList();
        var line = $"$n | Initialize-Swarm -SkipReachabilityTest -ListenAddress {first.PrivateAddress}:2377";
        var made = session.Run(line, ("n", nodes)).ThrowOnError().Nodes;

        var again = session.Run(line, ("n", nodes)).ThrowOnError();
        var bare = session
            .Run($"$n | Initialize-Swarm -SkipReachabilityTest -ListenAddress {first.PrivateAddress}", ("n", nodes))
            .ThrowOnError();
        var other = session.Run(
            "$n | Initialize-Swarm -SkipReachabilityTest -ListenAddress 0.0.0.0:2377 -TaskHistoryLimit 7",
            ("n", nodes)
        );
        var path = session.Run($"$n | Initialize-Swarm -SkipReachabilityTest -DataPathAddress 192.0.2.7", ("n", nodes));

        Assert.All([again, bare], outcome => Assert.Equal(made[0].SwarmId, outcome.Nodes.Single().SwarmId));
        Assert.Empty(again.Warnings);
        Assert.Equal(["SwarmOptionsDiffer"], other.ErrorIds);
        Assert.Contains(
            $"ListenAddress is {first.PrivateAddress}:2377, not 0.0.0.0:2377",
            other.Errors[0].Exception.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["SwarmOptionsDiffer"], path.ErrorIds);
        Assert.Equal(
            "5",
            (await lab.ExecAsync(first, "docker info -f '{{.Swarm.Cluster.Spec.Orchestration.TaskHistoryRetentionLimit}}'")).Trim()
        );
    }
}
