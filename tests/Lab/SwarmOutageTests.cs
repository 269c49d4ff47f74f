namespace SwarmOps.Tests.Lab;

/// <summary>
/// The product's line run in the middle of an outage: it waits, refuses, and changes nothing. After the heal the same swarm is there, with its secrets,
/// configs and services. The first test runs always, the others with SWARMOPS_OUTAGE=all.
/// </summary>
public sealed class SwarmOutageTests(LabFixture lab) : IDisposable
{
    private const string Line =
        "$n | Initialize-Swarm -TimeoutSeconds 10 | Join-SwarmAsWorker -TimeoutSeconds 60 | Step-SwarmPromotion | New-EncryptedOverlay -Name internal -WarningAction SilentlyContinue";

    private readonly Session session = new();

    private LabHost First => lab.Hosts[0];

    private IEnumerable<LabHost> Others => lab.Hosts.Skip(1);

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Two_regions_stopped_and_the_third_restarted_the_line_founds_no_swarm()
    {
        var nodes = await SwarmWithStateAsync();
        var before = await StateAsync();
        await StopAsync(Others);
        try
        {
            await lab.ExecAsync(First, "systemctl restart docker");

            var outcome = session.Run(Line, ("n", nodes));

            Assert.Contains("SwarmHasNoQuorum", outcome.ErrorIds);
            Assert.Empty(outcome.Objects);
            var error = outcome.Errors.Single(record =>
                record.FullyQualifiedErrorId.StartsWith("SwarmHasNoQuorum", StringComparison.Ordinal)
            );
            Assert.Contains("3 managers", error.Exception.Message, StringComparison.Ordinal);
            Assert.Contains("2 are needed", error.Exception.Message, StringComparison.Ordinal);
            Assert.All(Others, host => Assert.Contains(host.Name, error.Exception.Message, StringComparison.Ordinal));
            Assert.Contains("Nothing was changed", error.Exception.Message, StringComparison.Ordinal);
            Assert.Equal("pending", await LocalStateAsync(First));
        }
        finally
        {
            await StartAsync(Others);
        }

        session.Run("$n | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion", ("n", nodes)).ThrowOnError();
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task A_node_that_cannot_be_asked_may_hold_a_swarm_so_none_is_made_until_it_is_left_out()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab).ToArray();
        await StopAsync([lab.Hosts[2]]);
        try
        {
            var outcome = session.Run("$n | Initialize-Swarm", ("n", nodes));

            Assert.Equal(["EngineNotRunning", "SwarmCannotBeRuledOut"], outcome.ErrorIds);
            Assert.Contains(lab.Hosts[2].Name, outcome.Errors[1].Exception.Message, StringComparison.Ordinal);
            Assert.Equal("inactive", await LocalStateAsync(First));

            var known = session.Run(
                "$n | Initialize-Swarm",
                ("n", nodes.Select(node => node with { SwarmId = "aaaaaaaaaaaaaaaaaaaaaaaaa" }).Take(2).ToArray())
            );
            Assert.Equal(["SwarmNotFound"], known.ErrorIds);

            session
                .Run($"$n | Where-Object Name -NE '{lab.Hosts[2].Name}' | Initialize-Swarm -SkipReachabilityTest", ("n", nodes))
                .ThrowOnError();
        }
        finally
        {
            await StartAsync([lab.Hosts[2]]);
        }
    }

    [Fact]
    public async Task All_hosts_rebooted_while_2377_is_dropped_every_stage_refuses_and_the_swarm_comes_back()
    {
        SkipUnlessAll();
        var nodes = await SwarmWithStateAsync();
        var before = await StateAsync();
        foreach (var host in lab.Hosts)
            await lab.OnLabAsync("fault", "drop", host.Name, "2377/tcp");
        await Task.WhenAll(lab.Hosts.Select(host => lab.OnLabAsync("host", "reboot", host.Name, "--wait")));

        string[] stages =
        [
            "$n | Initialize-Swarm -TimeoutSeconds 5",
            "$n | Join-SwarmAsWorker -TimeoutSeconds 5",
            "$n | Step-SwarmPromotion -TimeoutSeconds 5",
            "$n | Step-SwarmDemotion -ManagerCount 1 -TimeoutSeconds 5 -Confirm:$false",
            "$n | Set-SwarmNode -Availability Drain -TimeoutSeconds 5",
            "$n[0] | Remove-SwarmNode -Manager $n[1], $n[2] -TimeoutSeconds 5 -Confirm:$false",
            "$n | Get-Swarm -TimeoutSeconds 5",
            "$n | Get-SwarmNode -TimeoutSeconds 5",
            "$n | New-EncryptedOverlay -Name other -TimeoutSeconds 5",
            "$n | Get-SwarmSecret",
        ];
        var wrong = new List<string>();
        foreach (var stage in stages)
        {
            var outcome = session.Run(stage, ("n", nodes));
            if (!outcome.ErrorIds.SequenceEqual(["SwarmHasNoQuorum"]) || outcome.Objects.Count > 0)
                wrong.Add(
                    $"{stage}: {string.Join("; ", outcome.Errors.Select(error => error.FullyQualifiedErrorId + " " + error.Exception.Message))} and {outcome.Objects.Count} objects"
                );
        }

        Assert.Empty(wrong);
        await lab.OnLabAsync("fault", "heal");
        // By itself, as the error says: managers that gave up on each other try again less and less often, up to two minutes apart.
        Assert.Equal(before, await StateAsync(240));
        session.Run(Line, ("n", nodes)).ThrowOnError();
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task A_member_that_cannot_reach_the_managers_is_never_made_to_leave()
    {
        SkipUnlessAll();
        var nodes = await SwarmWithStateAsync();
        session.Run("$n[2] | Step-SwarmDemotion -Manager $n[0], $n[1] -Force -Confirm:$false", ("n", nodes)).ThrowOnError();
        var before = await StateAsync();
        // Its own way to the managers only: they still reach it, and so does the module.
        const string rule = "OUTPUT -p tcp --dport 2377 -j DROP";
        await lab.ExecAsync(lab.Hosts[2], $"iptables -I {rule}; systemctl restart docker");
        try
        {
            var outcome = session.Run("$n | Join-SwarmAsWorker -TimeoutSeconds 30", ("n", nodes));
            Assert.Equal(["MemberNotActive"], outcome.ErrorIds);
            Assert.Equal(
                ["MemberNotActive"],
                session.Run("$n | Join-SwarmAsWorker -Rejoin -Force -TimeoutSeconds 5", ("n", nodes)).ErrorIds
            );
        }
        finally
        {
            await lab.ExecAsync(lab.Hosts[2], $"iptables -D {rule}");
        }

        // As the error says: an engine whose first start in the swarm failed does not try again (moby, nodeRunner.handleNodeExit).
        await lab.ExecAsync(lab.Hosts[2], "systemctl restart docker");

        session.Run("$n | Join-SwarmAsWorker", ("n", nodes)).ThrowOnError();
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Managers_whose_certificates_have_expired_are_no_free_hosts()
    {
        SkipUnlessAll();
        var nodes = await SwarmWithStateAsync();
        var authority = await SwarmCertificates.TakeOverAsync(lab);
        var before = await StateAsync();
        await StopAsync(lab.Hosts);
        foreach (var host in lab.Hosts)
            await authority.ExpireAsync(lab, host);
        await StartAsync(lab.Hosts);

        var outcome = session.Run(Line, ("n", nodes));

        Assert.Equal(["SwarmHasNoQuorum"], outcome.ErrorIds);
        Assert.Contains("in error", outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("3 managers are known, 0 answer", outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("error", await LocalStateAsync(First));
        await StopAsync(lab.Hosts);
        foreach (var host in lab.Hosts)
            await SwarmCertificates.RestoreAsync(lab, host);
        await StartAsync(lab.Hosts);
        session.Run(Line, ("n", nodes)).ThrowOnError();
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task A_manager_whose_disk_is_full_is_no_free_host()
    {
        SkipUnlessAll();
        var nodes = await SwarmWithStateAsync();
        var before = await StateAsync();
        await StopAsync(lab.Hosts);
        // A disk of its own for the state, filled to its last byte: the raft log cannot be written.
        await lab.ExecAsync(
            First,
            """
            set -e
            mkdir -p /run/full && mount -t tmpfs -o size=200m full /run/full && cp -a /var/lib/docker/swarm/. /run/full/
            mount --bind /run/full /var/lib/docker/swarm
            cat /dev/zero >/run/full/filler 2>/dev/null || true
            """
        );
        try
        {
            await StartAsync([First]);
            var outcome = session.Run(Line, ("n", nodes));

            Assert.Contains("SwarmHasNoQuorum", outcome.ErrorIds);
            Assert.Empty(outcome.Objects);
        }
        finally
        {
            await StopAsync([First]);
            await lab.ExecAsync(First, "rm -f /run/full/filler; umount /var/lib/docker/swarm; umount /run/full");
            await StartAsync(lab.Hosts);
        }

        session.Run(Line, ("n", nodes)).ThrowOnError();
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task The_majority_gone_for_good_the_documented_way_keeps_the_swarm()
    {
        SkipUnlessAll();
        var nodes = await SwarmWithStateAsync();
        var swarmId = (await lab.ExecAsync(First, "docker info -f '{{.Swarm.Cluster.ID}}'")).Trim();
        // Their disks are lost: they come back bare, as new machines at the same addresses.
        await Task.WhenAll(
            Others.Select(host =>
                lab.ExecAsync(
                    host,
                    "systemctl stop docker.socket docker; rm -rf /var/lib/docker/swarm; systemctl start docker.socket docker"
                )
            )
        );
        await lab.ExecAsync(First, "systemctl restart docker");

        var refused = session.Run(Line, ("n", nodes));
        Assert.Equal(["SwarmHasNoQuorum"], refused.ErrorIds);
        Assert.All(Others, host => Assert.Contains(host.PublicAddress, refused.Errors[0].Exception.Message, StringComparison.Ordinal));

        await lab.ExecAsync(
            First,
            $"docker swarm init --force-new-cluster --advertise-addr {First.PublicAddress} --listen-addr {First.PrivateAddress}:2377"
        );
        session.Run("$n | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion -ManagerCount 3", ("n", nodes)).ThrowOnError();

        Assert.Equal(swarmId, (await lab.ExecAsync(First, "docker info -f '{{.Swarm.Cluster.ID}}'")).Trim());
        Assert.Contains("kept-secret", await lab.ExecAsync(First, "docker secret ls"), StringComparison.Ordinal);
        Assert.Contains("kept-service", await lab.ExecAsync(First, "docker service ls"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_rejoin_gives_a_swarm_up_and_it_asks_and_keeps_a_copy()
    {
        SkipUnlessAll();
        var nodes = await SwarmWithStateAsync();
        var before = await LocalIdAsync(First);
        await StopAsync(Others);
        try
        {
            await lab.ExecAsync(First, "systemctl restart docker");

            Assert.Contains(
                "SwarmCannotBeRuledOut",
                session.Run("$n | Initialize-Swarm -Rejoin -Force -TimeoutSeconds 5", ("n", nodes)).ErrorIds
            );
            Assert.Equal(["RejoinNotConfirmed"], session.Run("$n[0] | Initialize-Swarm -Rejoin -TimeoutSeconds 5", ("n", nodes)).ErrorIds);
            session.Run("$n[0] | Initialize-Swarm -Rejoin -Force -WhatIf -TimeoutSeconds 5", ("n", nodes)).ThrowOnError();
            Assert.Equal(before, await LocalIdAsync(First));

            var fresh = nodes[0] with { SwarmId = null, NodeId = null };
            var outcome = session.Run("$n | Initialize-Swarm -Rejoin -Force -TimeoutSeconds 20", ("n", new[] { fresh })).ThrowOnError();

            Assert.Contains("was copied to /var/lib/docker/swarm.left-", Assert.Single(outcome.Warnings), StringComparison.Ordinal);
            Assert.NotEqual(before, await LocalIdAsync(First));
            Assert.Contains("docker-state.json", await lab.ExecAsync(First, "ls /var/lib/docker/swarm.left-*"), StringComparison.Ordinal);
        }
        finally
        {
            await lab.ExecAsync(First, "rm -rf /var/lib/docker/swarm.left-*");
            await StartAsync(Others);
        }

        // The others are a majority of the old swarm: a node that is in another one is named, not pulled over.
        Assert.Equal(["NodesInDifferentSwarms"], session.Run("$n | Initialize-Swarm -TimeoutSeconds 30", ("n", nodes)).ErrorIds);
    }

    [Fact]
    public async Task State_that_the_engine_does_not_know_of_is_seen_on_its_disk()
    {
        SkipUnlessAll();
        var nodes = await SwarmWithStateAsync();
        var before = await StateAsync();
        await StopAsync(lab.Hosts);
        await lab.ExecAsync(First, "mv /var/lib/docker/swarm/docker-state.json /root/");
        await StartAsync([First]);

        Assert.Equal("inactive", await LocalStateAsync(First));
        Assert.Contains("SwarmHasNoQuorum", session.Run("$n | Initialize-Swarm -TimeoutSeconds 5", ("n", nodes)).ErrorIds);
        Assert.Equal(["SwarmStateOnDisk"], session.Run("$n[0] | Initialize-Swarm -TimeoutSeconds 5", ("n", nodes)).ErrorIds);
        await StartAsync(Others);
        Assert.Equal(["SwarmStateOnDisk"], session.Run("$n | Join-SwarmAsWorker", ("n", nodes)).ErrorIds);

        await StopAsync([First]);
        await lab.ExecAsync(First, "mv /root/docker-state.json /var/lib/docker/swarm/");
        await StartAsync([First]);
        session.Run(Line, ("n", nodes)).ThrowOnError();
        Assert.Equal(before, await StateAsync());
    }

    private static void SkipUnlessAll() =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("SWARMOPS_OUTAGE") is "all",
            "Takes a minute or more: runs with SWARMOPS_OUTAGE=all, as in the nightly run."
        );

    private async Task<string> LocalIdAsync(LabHost host) => (await lab.ExecAsync(host, "docker info -f '{{.Swarm.NodeID}}'")).Trim();

    /// <summary>Three managers, with an overlay, a secret, a config and a service, made by the line and the docker CLI.</summary>
    private async Task<SwarmNode[]> SwarmWithStateAsync()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab).ToArray();
        session
            .Run(
                "$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest | Step-SwarmPromotion",
                ("n", nodes)
            )
            .ThrowOnError();
        await lab.ExecAsync(
            First,
            """
            set -e
            echo secret | docker secret create kept-secret - >/dev/null
            echo config | docker config create kept-config - >/dev/null
            docker service create -d --name kept-service --mode global --endpoint-mode dnsrr --secret kept-secret --config kept-config lab/busybox:latest sleep 1000000 >/dev/null
            """
        );
        return nodes;
    }

    /// <summary>What must be the same after an outage: the swarm's id, its members, and the ids of what it holds; waits until all of it is there.</summary>
    private async Task<string> StateAsync(int seconds = 90)
    {
        var seen = "";
        await ManagerLab.UntilAsync(
            async () =>
            {
                seen = await lab.ExecAsync(
                    First,
                    """
                    docker info -f '{{.Swarm.Cluster.ID}}' 2>&1 && docker node ls --format '{{.ID}} {{.Hostname}} {{.Status}}' 2>&1 | sort &&
                        docker secret ls --format '{{.ID}} {{.Name}}' && docker config ls --format '{{.ID}} {{.Name}}' && docker service ls --format '{{.ID}} {{.Name}}'; true
                    """
                );
                return (
                    lab.Hosts.All(host => seen.Contains($"{host.Name} Ready", StringComparison.Ordinal))
                        && seen.Contains("kept-service", StringComparison.Ordinal),
                    seen
                );
            },
            seconds
        );
        return seen;
    }

    private async Task<string> LocalStateAsync(LabHost host) =>
        (await lab.ExecAsync(host, "docker info -f '{{.Swarm.LocalNodeState}}'")).Trim();

    private Task StopAsync(IEnumerable<LabHost> hosts) =>
        Task.WhenAll(hosts.Select(host => lab.ExecAsync(host, "systemctl stop docker.socket docker")));

    private Task StartAsync(IEnumerable<LabHost> hosts) =>
        Task.WhenAll(hosts.Select(host => lab.ExecAsync(host, "systemctl start docker.socket docker")));
}
