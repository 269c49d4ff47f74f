namespace SwarmOps.Tests.Lab;

/// <summary>A swarm of all hosts for tests of services: made once, taken as it is when it stands.</summary>
internal static class ServiceSwarm
{
    // What stands before the first test of a class is another class' swarm, whose nodes may be drained or gone.
    private static string? formedBy;

    /// <summary>The nodes, members of one swarm, the first its manager; nothing of an earlier test on it.</summary>
    public static async Task<IReadOnlyList<SwarmNode>> FormAsync(LabFixture lab, Session session)
    {
        var asking = TestContext.Current.TestClass?.TestClassName ?? "";
        if (formedBy != asking || (await Task.WhenAll(lab.Hosts.Select(host => host.SwarmStateAsync()))).Any(state => state != "active"))
        {
            await lab.ResetAsync();
            session
                .Run("$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest", ("n", session.Nodes(lab)))
                .ThrowOnError();
            formedBy = asking;
        }

        var nodes = session
            .Run("$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest", ("n", session.Nodes(lab)))
            .ThrowOnError()
            .Nodes;
        await lab.Hosts[0].ClearAsync();
        return nodes;
    }

    /// <summary>Runs a script on the swarm's manager, as its root.</summary>
    public static Task<string> ManagerAsync(LabFixture lab, string script) => lab.ExecAsync(lab.Hosts[0], script);
}
