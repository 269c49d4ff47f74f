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

    /// <summary>Brings images of the lab to all hosts, unless all have them: they are large.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="image">One of them, by its name.</param>
    /// <param name="set">What <c>lab image load</c> calls them.</param>
    public static async Task LoadAsync(LabFixture lab, string image, string set)
    {
        var there = await Task.WhenAll(
            lab.Hosts.Select(host => lab.ExecAsync(host, $"docker image inspect {image} >/dev/null 2>&1 && echo yes || true"))
        );
        if (there.Any(answer => answer.Trim() != "yes"))
            await lab.OnLabAsync("image", "load", "all", set);
    }

    /// <summary>Waits until the containers of removed services have ended, and then runs a script on every host.</summary>
    public static Task WhenIdleAsync(LabFixture lab, string script) =>
        Task.WhenAll(
            lab.Hosts.Select(host =>
                lab.ExecAsync(
                    host,
                    $"for try in $(seq 100); do [ -z \"$(docker ps -qf label=com.docker.swarm.service.name)\" ] && break; sleep 0.3; done; {script}; true"
                )
            )
        );

    /// <summary>Runs a script on the swarm's manager, as its root.</summary>
    public static Task<string> ManagerAsync(LabFixture lab, string script) => lab.ExecAsync(lab.Hosts[0], script);
}
