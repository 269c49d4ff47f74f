namespace SwarmOps.Tests.Lab;

/// <summary>A swarm of all hosts for tests of services: made once, taken as it is when it stands.</summary>
internal static class ServiceSwarm
{
    // What stands before the first test is another class' swarm, whose nodes may be drained or gone.
    private static bool formed;

    /// <summary>The nodes, members of one swarm, the first its manager; nothing of an earlier test on it.</summary>
    public static async Task<IReadOnlyList<SwarmNode>> FormAsync(LabFixture lab, Session session)
    {
        if (!formed || (await StateAsync(lab)).Any(state => state != "active"))
        {
            await lab.ResetAsync();
            session
                .Run("$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest", ("n", session.Nodes(lab)))
                .ThrowOnError();
            formed = true;
        }

        var nodes = session
            .Run("$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest", ("n", session.Nodes(lab)))
            .ThrowOnError()
            .Nodes;
        await ManagerAsync(
            lab,
            """
            for id in $(docker service ls -q); do docker service rm $id >/dev/null; done
            for id in $(docker secret ls -q); do docker secret rm $id >/dev/null; done
            for id in $(docker config ls -q); do docker config rm $id >/dev/null; done
            """
        );
        return nodes;
    }

    /// <summary>Runs a script on the swarm's manager, as its root.</summary>
    public static Task<string> ManagerAsync(LabFixture lab, string script) => lab.ExecAsync(lab.Hosts[0], script);

    private static async Task<IReadOnlyList<string>> StateAsync(LabFixture lab) =>
        [
            .. (
                await Task.WhenAll(
                    lab.Hosts.Select(host => lab.ExecAsync(host, "docker info -f '{{.Swarm.LocalNodeState}}' 2>/dev/null || true"))
                )
            ).Select(text => text.Trim()),
        ];
}
