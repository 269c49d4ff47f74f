namespace SwarmOps.Tests.Lab;

/// <summary>Step-SwarmDemotion and Remove-SwarmNode on real engines: the safe order, and the refusals with their arithmetic.</summary>
public sealed class DemotionTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    private LabHost First => lab.Hosts[0];

    private LabHost Second => lab.Hosts[1];

    private LabHost Third => lab.Hosts[2];

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Managers_are_demoted_one_by_one_and_a_second_run_changes_nothing()
    {
        var nodes = await lab.ThreeManagersAsync(session);

        var first = session.Run("$n | Step-SwarmDemotion -ManagerCount 1 -Confirm:$false", ("n", nodes)).ThrowOnError();
        var before = await lab.StateAsync(First);
        var second = session.Run("$n | Step-SwarmDemotion -ManagerCount 1 -Confirm:$false", ("n", nodes)).ThrowOnError();

        Assert.Equal(1, first.Nodes.Count(node => node.Role == SwarmNodeRole.Manager));
        Assert.True(first.Nodes.Single(node => node.Role == SwarmNodeRole.Manager).IsLeader);
        Assert.Equal(
            ["manager reachable", "worker", "worker"],
            [await lab.RoleAsync(First, First), await lab.RoleAsync(First, Second), await lab.RoleAsync(First, Third)]
        );
        Assert.Equal("false", (await lab.ExecAsync(Second, "docker info -f '{{.Swarm.ControlAvailable}}'")).Trim());
        Assert.Equal(before, await lab.StateAsync(First));
        Assert.Equal(SwarmFacts.Json(first.Objects), SwarmFacts.Json(second.Objects));
    }

    [Fact]
    public async Task The_leader_steps_down_and_the_others_serve()
    {
        var nodes = await lab.ThreeManagersAsync(session);
        var leader = nodes.Single(node => node.IsLeader);
        var other = lab.Hosts.First(host => host.Name != leader.Name);

        var outcome = session.Run("$l | Step-SwarmDemotion -Manager $n -Force -Confirm:$false", ("l", leader), ("n", nodes)).ThrowOnError();

        Assert.Equal((SwarmNodeRole.Worker, null), (outcome.Nodes.Single().Role, outcome.Nodes.Single().Reachability));
        Assert.Equal("worker", await lab.RoleAsync(other, lab.Hosts.Single(host => host.Name == leader.Name)));
        Assert.Equal(2, (await SwarmFacts.NodesAsync(lab)).Count(row => row[2] is "Leader" or "Reachable"));
    }

    [Fact]
    public async Task What_would_cost_the_quorum_is_refused_with_the_sum_and_nothing_changes()
    {
        var nodes = await lab.ThreeManagersAsync(session);
        var leader = nodes.Single(node => node.IsLeader);
        var others = nodes.Where(node => !node.IsLeader).ToArray();
        var lead = lab.Hosts.Single(host => host.Name == leader.Name);
        var before = await lab.StateAsync(lead);

        AssertRefused(
            "EvenManagersLeft",
            "3 managers, 3 reachable, quorum 2: this leaves 2 managers",
            session.Run("$o[0] | Step-SwarmDemotion -Manager $l -Confirm:$false", ("o", others), ("l", leader))
        );
        AssertRefused("LastManager", "is the last manager", session.Run("$n | Step-SwarmDemotion -Force -Confirm:$false", ("n", nodes)));
        AssertRefused(
            "LeaderOfTwoManagers",
            "leader of the last two",
            session.Run("$l, $o[0] | Step-SwarmDemotion -Manager $o[1] -Confirm:$false", ("o", others), ("l", leader))
        );
        AssertRefused("NoOtherManager", "-Manager", session.Run("$o[0] | Step-SwarmDemotion -Force -Confirm:$false", ("o", others)));
        Assert.Equal(before, await lab.StateAsync(lead));

        await lab.OnLabAsync("host", "stop", others[0].Name, "--hard");
        try
        {
            await ManagerLab.UntilAsync(
                async () =>
                    await lab.RoleAsync(lead, Host(others[0])) is var role && role == "manager unreachable" ? (true, role) : (false, role),
                60
            );
            before = await lab.StateAsync(lead);
            AssertRefused(
                "QuorumWouldBeLost",
                $"3 managers, 2 reachable, quorum 2: demoting '{others[1].Name}' leaves 2 managers, 1 reachable, quorum 2",
                session.Run("$o[1] | Step-SwarmDemotion -Manager $l -Force -Confirm:$false", ("o", others), ("l", leader))
            );
            AssertRefused(
                "QuorumWouldBeLost",
                "3 managers, 2 reachable, quorum 2",
                session.Run("$o[1] | Remove-SwarmNode -Manager $l -Force -Confirm:$false", ("o", others), ("l", leader))
            );
            AssertRefused(
                "NodeCannotBeAsked",
                "the connection to it failed",
                session.Run("$o[0] | Remove-SwarmNode -Manager $l -Confirm:$false", ("o", others), ("l", leader))
            );
            Assert.Equal(before, await lab.StateAsync(lead));

            session
                .Run(
                    "$o[0] | Remove-SwarmNode -Manager $l -Force -Confirm:$false -WarningAction SilentlyContinue",
                    ("o", others),
                    ("l", leader)
                )
                .ThrowOnError();
            Assert.Equal(
                [lead.Name, others[1].Name],
                (await SwarmFacts.NodesAsync(lab)).Select(row => row[0]).Order().OrderBy(name => name != lead.Name)
            );
        }
        finally
        {
            await lab.OnLabAsync("host", "start", others[0].Name);
            await lab.LeaveAfterRemovalAsync(Host(others[0]));
        }
    }

    [Fact]
    public async Task A_manager_is_removed_in_the_safe_order_and_its_tasks_move()
    {
        var nodes = await lab.ThreeManagersAsync(session);
        await lab.ExecAsync(First, "docker service create --detach --name web --replicas 3 --restart-delay 1s lab/busybox sleep 1000");
        await ManagerLab.UntilAsync(
            async () => await RunningAsync("web") is var running && running == 3 ? (true, "3") : (false, $"{running} tasks"),
            60
        );

        var outcome = session
            .Run("$n[2] | Remove-SwarmNode -Manager $n[0] -Confirm:$false -PassThru -WarningAction SilentlyContinue", ("n", nodes))
            .ThrowOnError();

        var bare = outcome.Nodes.Single();
        Assert.Equal((Third.Name, null, null, null), (bare.Name, bare.SwarmId, bare.NodeId, bare.Role));
        Assert.NotNull(bare.DockerHost);
        Assert.Equal("inactive", (await lab.ExecAsync(Third, "docker info -f '{{.Swarm.LocalNodeState}}'")).Trim());
        Assert.DoesNotContain(await SwarmFacts.NodesAsync(lab), row => row[0] == Third.Name);
        Assert.Equal("", (await lab.ExecAsync(Third, "docker ps -q")).Trim());
        await ManagerLab.UntilAsync(
            async () => await RunningAsync("web") is var running && running == 3 ? (true, "3") : (false, $"{running} tasks"),
            60
        );

        var again = session.Run("$n[2] | Remove-SwarmNode -Manager $n[0] -Confirm:$false -PassThru", ("n", nodes)).ThrowOnError();
        Assert.Equal(
            SwarmFacts.Json([bare with { Hostname = null, EngineVersion = null }]),
            SwarmFacts.Json([again.Nodes.Single() with { Hostname = null, EngineVersion = null }])
        );
    }

    [Fact]
    public async Task A_removal_that_ended_when_the_node_had_just_left_is_finished_by_the_same_line()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await lab.OneManagerAsync(session);
        await lab.ExecAsync(Third, "docker swarm leave");

        session.Run("$n[2] | Remove-SwarmNode -Manager $n[0] -Confirm:$false", ("n", session.Nodes(lab).ToArray())).ThrowOnError();

        Assert.Equal([First.Name, Second.Name], (await SwarmFacts.NodesAsync(lab)).Select(row => row[0]).Order());

        var namesake = nodes[2] with { Name = nodes[1].Name, Hostname = nodes[1].Hostname, NodeId = null };
        session.Run("$s | Remove-SwarmNode -Manager $n[0] -Confirm:$false -TimeoutSeconds 3", ("n", nodes), ("s", namesake)).ThrowOnError();

        Assert.Equal([First.Name, Second.Name], (await SwarmFacts.NodesAsync(lab)).Select(row => row[0]).Order());
    }

    [Fact]
    public async Task What_a_machine_left_in_the_list_is_no_reason_to_keep_the_swarm()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await lab.ThreeManagersAsync(session);
        session.Run("$n[2] | Step-SwarmDemotion -Manager $n[0] -Force -Confirm:$false", ("n", nodes.ToArray())).ThrowOnError();
        await lab.ExecAsync(Third, "docker swarm leave");
        session.Run("$n[2] | Join-SwarmAsWorker -Manager $n[0]", ("n", session.Nodes(lab).ToArray())).ThrowOnError();
        await lab.ExecAsync(First, "timeout 60 sh -c 'until docker node ls | grep -q Down; do sleep 1; done'");
        Assert.Equal(4, (await SwarmFacts.NodesAsync(lab)).Count);

        session.Run("$n | Remove-SwarmNode -Force -Confirm:$false", ("n", nodes)).ThrowOnError();

        foreach (var host in lab.Hosts)
            Assert.Equal("inactive", (await lab.ExecAsync(host, "docker info -f '{{.Swarm.LocalNodeState}}'")).Trim());
    }

    [Fact]
    public async Task Removing_all_nodes_dissolves_the_swarm_only_with_force()
    {
        var nodes = await lab.ThreeManagersAsync(session);
        var before = await lab.StateAsync(First);

        AssertRefused("SwarmWouldBeDissolved", "all 3 nodes", session.Run("$n | Remove-SwarmNode -Confirm:$false", ("n", nodes)));
        session.Run("$n | Remove-SwarmNode -Force -WhatIf", ("n", nodes)).ThrowOnError();
        Assert.Equal(before, await lab.StateAsync(First));

        var outcome = session.Run("$n | Remove-SwarmNode -Force -Confirm:$false -PassThru", ("n", nodes)).ThrowOnError();

        Assert.Equal(nodes.Select(node => node.Name).Order(), outcome.Nodes.Select(node => node.Name).Order());
        foreach (var host in lab.Hosts)
            Assert.Equal("inactive", (await lab.ExecAsync(host, "docker info -f '{{.Swarm.LocalNodeState}}'")).Trim());
    }

    [Fact]
    public async Task A_swarm_that_lost_its_managers_is_left_with_force()
    {
        var nodes = await lab.OneManagerAsync(session);
        await lab.ExecAsync(First, "docker swarm leave --force");

        AssertRefused(
            "NoManagerInSet",
            "None of the nodes is a manager",
            session.Run("$n | Remove-SwarmNode -Confirm:$false", ("n", nodes))
        );
        session.Run("$n | Remove-SwarmNode -Force -Confirm:$false", ("n", nodes)).ThrowOnError();

        foreach (var host in lab.Hosts)
            Assert.Equal("inactive", (await lab.ExecAsync(host, "docker info -f '{{.Swarm.LocalNodeState}}'")).Trim());
    }

    private static void AssertRefused(string errorId, string words, Outcome outcome)
    {
        Assert.Equal([errorId], outcome.ErrorIds);
        var text = $"{outcome.Errors[0].Exception.Message} {outcome.Errors[0].ErrorDetails.RecommendedAction}";
        Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.Empty(outcome.Objects);
    }

    private LabHost Host(SwarmNode node) => lab.Hosts.Single(host => host.Name == node.Name);

    private async Task<int> RunningAsync(string service) =>
        (await lab.ExecAsync(First, $"docker service ps --filter desired-state=running --format '{{{{.CurrentState}}}}' {service}"))
            .Split('\n')
            .Count(line => line.StartsWith("Running", StringComparison.Ordinal));
}
