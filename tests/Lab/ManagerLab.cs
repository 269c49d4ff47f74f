namespace SwarmOps.Tests.Lab;

/// <summary>Swarms to test managers on, and what is true of them by the docker CLI.</summary>
internal static class ManagerLab
{
    /// <summary>Bare engines made a swarm of one manager and workers.</summary>
    public static async Task<SwarmNode[]> OneManagerAsync(this LabFixture lab, Session session)
    {
        await lab.ResetAsync();
        return
        [
            .. session
                .Run("$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest", ("n", session.Nodes(lab)))
                .ThrowOnError()
                .Nodes,
        ];
    }

    /// <summary>Bare engines made a swarm of three managers.</summary>
    public static async Task<SwarmNode[]> ThreeManagersAsync(this LabFixture lab, Session session) =>
        [.. session.Run("$n | Step-SwarmPromotion", ("n", await lab.OneManagerAsync(session))).ThrowOnError().Nodes];

    /// <summary>A swarm in which the second host joined by hand at its private address, as the well-known way goes.</summary>
    public static async Task<SwarmNode[]> OnePrivateWorkerAsync(this LabFixture lab, Session session)
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab).ToArray();
        session
            .Run("$n[0], $n[2] | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest", ("n", nodes))
            .ThrowOnError();
        var token = (await lab.ExecAsync(lab.Hosts[0], "docker swarm join-token -q worker")).Trim();
        await lab.ExecAsync(
            lab.Hosts[1],
            $"docker swarm join --token {token} --advertise-addr {lab.Hosts[1].PrivateAddress} --listen-addr {lab.Hosts[1].PrivateAddress}:2377 {lab.Hosts[0].PublicAddress}:2377"
        );
        return nodes;
    }

    /// <summary>Role and manager status of a host, asked of another one: such as <c>worker</c> or <c>manager reachable</c>.</summary>
    public static async Task<string> RoleAsync(this LabFixture lab, LabHost manager, LabHost host) =>
        (
            await lab.ExecAsync(
                manager,
                $"docker node inspect -f '{{{{.Spec.Role}}}}{{{{if .ManagerStatus}}}} {{{{.ManagerStatus.Reachability}}}}{{{{end}}}}' {host.Name} 2>&1; true"
            )
        ).Trim();

    /// <summary>Refuses 2377/tcp at a host from outside, as a security group without the rule does; its own connections to managers live on.</summary>
    public static Task RefuseControlAsync(this LabFixture lab, LabHost host) =>
        lab.ExecAsync(host, "iptables -I INPUT -p tcp --dport 2377 ! -i lo -j REJECT --reject-with tcp-reset");

    /// <summary>Lets 2377/tcp in again.</summary>
    public static Task AllowControlAsync(this LabFixture lab, LabHost host) =>
        lab.ExecAsync(host, "iptables -D INPUT -p tcp --dport 2377 ! -i lo -j REJECT --reject-with tcp-reset; true");

    /// <summary>Lets a program that is not the engine listen on 7946/tcp of a host.</summary>
    public static Task HoldGossipPortAsync(this LabFixture lab, LabHost host) =>
        lab.ExecAsync(
            host,
            """
            systemd-run --quiet --unit=swarmops-test-holder perl -e 'use Socket; socket(S, PF_INET, SOCK_STREAM, 0); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); bind(S, sockaddr_in(7946, INADDR_ANY)) or die; listen(S, 1); sleep 300'
            timeout 10 sh -c "until ss -Hltn 'sport = :7946' | grep -q .; do sleep 0.2; done"
            """
        );

    /// <summary>Ends what <see cref="HoldGossipPortAsync"/> began.</summary>
    public static Task LetGoOfGossipPortAsync(this LabFixture lab, LabHost host) =>
        lab.ExecAsync(host, "systemctl stop swarmops-test-holder");

    /// <summary>Lets the engine of a host leave that was removed from its swarm while it was down: engine 20.10 can hang in that until it is started again.</summary>
    public static async Task LeaveAfterRemovalAsync(this LabFixture lab, LabHost host)
    {
        await UntilAsync(
            async () =>
                await lab.ExecAsync(host, "docker info -f x 2>&1; true") is var said && said.Trim() == "x" ? (true, said) : (false, said),
            60
        );
        if (
            (await lab.ExecAsync(host, "timeout 20 docker swarm leave --force >/dev/null 2>&1 || echo stuck")).Contains(
                "stuck",
                StringComparison.Ordinal
            )
        )
            await lab.OnLabAsync("host", "reboot", host.Name, "--hard", "--wait");
        await lab.ExecAsync(host, "docker swarm leave --force >/dev/null 2>&1; true");
    }

    /// <summary>What the swarm is, in one text: every node's id, spec and whether it is a manager.</summary>
    public static Task<string> StateAsync(this LabFixture lab, LabHost manager) =>
        lab.ExecAsync(
            manager,
            "docker node inspect -f '{{.ID}} {{json .Spec}} {{if .ManagerStatus}}{{.ManagerStatus.Addr}}{{end}}' $(docker node ls -q | sort)"
        );

    /// <summary>Waits until something holds; fails with what was seen last.</summary>
    public static async Task UntilAsync(Func<Task<(bool Holds, string Seen)>> look, int seconds)
    {
        var deadline = Environment.TickCount64 + (seconds * 1000L);
        while (true)
        {
            var (holds, seen) = await look();
            if (holds)
                return;
            Assert.True(Environment.TickCount64 < deadline, $"Not so within {seconds} s: {seen}");
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
    }
}
