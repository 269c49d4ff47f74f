using System.Diagnostics;

namespace SwarmOps.Tests.Lab;

/// <summary>Step-SwarmPromotion on real engines.</summary>
public sealed class PromotionTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    private LabHost First => lab.Hosts[0];

    private LabHost Second => lab.Hosts[1];

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task One_manager_becomes_three_in_three_regions_and_a_second_run_changes_nothing()
    {
        var nodes = await lab.OneManagerAsync(session);

        var first = session.Run("$n | Step-SwarmPromotion", ("n", nodes)).ThrowOnError();
        var before = await lab.StateAsync(First);
        var second = session.Run("$n | Step-SwarmPromotion", ("n", nodes)).ThrowOnError();

        Assert.Equal(nodes.Select(node => node.Name), first.Nodes.Select(node => node.Name));
        Assert.All(
            first.Nodes,
            node => Assert.Equal((SwarmNodeRole.Manager, SwarmManagerReachability.Reachable), (node.Role, node.Reachability))
        );
        Assert.Equal(3, first.Nodes.Select(node => node.Region).Distinct().Count());
        await SwarmFacts.AssertHealthyAsync(lab, managers: 3);
        Assert.Equal(before, await lab.StateAsync(First));
        Assert.Equal(SwarmFacts.Json(first.Objects), SwarmFacts.Json(second.Objects));
    }

    [Fact]
    public async Task WhatIf_names_the_nodes_and_changes_nothing()
    {
        var nodes = await lab.OneManagerAsync(session);
        var before = await lab.StateAsync(First);

        var outcome = session.Run("$n | Step-SwarmPromotion -WhatIf", ("n", nodes)).ThrowOnError();

        Assert.Equal(nodes.Select(node => node.Name), outcome.Nodes.Select(node => node.Name));
        Assert.Equal(before, await lab.StateAsync(First));
    }

    [Fact]
    public async Task A_worker_at_a_private_address_is_refused_before_anything_is_changed()
    {
        var nodes = await lab.OnePrivateWorkerAsync(session);
        var before = await lab.StateAsync(First);

        var outcome = session.Run("$n | Step-SwarmPromotion", ("n", nodes));

        Assert.Equal(["ManagerAddressUnreachable", "ManagerCountNotReached"], outcome.ErrorIds);
        Assert.Contains(
            $"{Second.PrivateAddress}:2377/tcp cannot be reached",
            outcome.Errors[0].Exception.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(First.Name, outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await lab.StateAsync(First));
    }

    [Fact]
    public async Task A_promotion_that_cannot_succeed_is_taken_back_and_says_why()
    {
        var nodes = await lab.OnePrivateWorkerAsync(session);

        var outcome = session.Run("$n | Step-SwarmPromotion -SkipReachabilityTest -TimeoutSeconds 8", ("n", nodes));

        Assert.Equal(["PromotionFailed", "ManagerCountNotReached"], outcome.ErrorIds);
        Assert.Contains(
            $"{Second.PrivateAddress}:2377/tcp cannot be reached from the leader ({First.Name})",
            outcome.Errors[0].Exception.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("It is a worker again", outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(nodes.Select(node => node.Name), outcome.Nodes.Select(node => node.Name));
        Assert.Equal("worker", await lab.RoleAsync(First, Second));
        Assert.Equal("false", (await lab.ExecAsync(Second, "docker info -f '{{.Swarm.ControlAvailable}}'")).Trim());
        Assert.Equal(1, outcome.Nodes.Count(node => node.Role == SwarmNodeRole.Manager));
    }

    // The next promotion begins when the leader reports the last one as Reachable; that the node itself cannot be asked is known later.
    [Fact]
    public async Task A_manager_that_cannot_be_asked_itself_is_demoted_again_and_no_even_number_is_left()
    {
        var nodes = await lab.OneManagerAsync(session);
        using var shell = session.Create("$n | Step-SwarmPromotion -TimeoutSeconds 8", ("n", nodes));
        var running = shell.BeginInvoke();
        var deadline = Environment.TickCount64 + 30_000;
        // Without a pause: its API serves half a second after it is Reachable at the earliest.
        while (!(await lab.RoleAsync(First, Second)).StartsWith("manager", StringComparison.Ordinal))
            Assert.True(Environment.TickCount64 < deadline, "It was not promoted within 30 s.");
        await lab.OnLabAsync("fault", "drop", Second.Name, "22/tcp");

        var objects = shell.EndInvoke(running);

        Assert.Equal(
            ["PromotionFailed", "ManagerCountNotReached"],
            shell.Streams.Error.Select(error => error.FullyQualifiedErrorId.Split(',')[0])
        );
        Assert.Contains(Second.Name, shell.Streams.Error[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("worker", await lab.RoleAsync(First, Second));
        Assert.Equal("worker", await lab.RoleAsync(First, lab.Hosts[2]));
        Assert.Equal(
            [(First.Name, SwarmNodeRole.Manager), (lab.Hosts[2].Name, SwarmNodeRole.Worker)],
            objects.Select(item => (SwarmNode)item.BaseObject).Select(node => (node.Name, node.Role!.Value))
        );

        await lab.OnLabAsync("fault", "heal");
        session.Run("$n | Step-SwarmPromotion", ("n", nodes)).ThrowOnError();
        await SwarmFacts.AssertHealthyAsync(lab, managers: 3);
    }

    [Fact]
    public async Task A_firewall_that_rejects_is_named_and_another_node_takes_the_place()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await lab.OneManagerAsync(session);
        await lab.RefuseControlAsync(Second);
        try
        {
            var outcome = session.Run("$n | Step-SwarmPromotion -ManagerCount 2 -Force -TimeoutSeconds 8", ("n", nodes));

            Assert.Equal(["PromotionFailed"], outcome.ErrorIds);
            Assert.Contains(
                $"{Second.PublicAddress}:2377/tcp cannot be reached",
                outcome.Errors[0].Exception.Message,
                StringComparison.Ordinal
            );
            Assert.Contains("firewall", outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
            Assert.Equal("worker", await lab.RoleAsync(First, Second));
            Assert.Equal("manager reachable", await lab.RoleAsync(First, lab.Hosts[2]));
        }
        finally
        {
            await lab.AllowControlAsync(Second);
        }
    }

    [Fact]
    public async Task A_dropped_port_is_found_before_the_promotion()
    {
        var nodes = await lab.OneManagerAsync(session);
        await lab.OnLabAsync("fault", "drop", Second.Name, "2377/tcp");

        var outcome = session.Run("$n | Step-SwarmPromotion", ("n", nodes));

        Assert.Equal(["ManagerAddressUnreachable", "ManagerCountNotReached"], outcome.ErrorIds);
        Assert.Contains($"{Second.PublicAddress}:2377/tcp", outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("worker", await lab.RoleAsync(First, Second));
        await lab.OnLabAsync("fault", "heal");
    }

    [Fact]
    public async Task Stopped_in_the_middle_it_returns_within_two_seconds_and_the_next_run_finishes()
    {
        var nodes = await lab.OneManagerAsync(session);
        await lab.RefuseControlAsync(Second);
        try
        {
            using var shell = session.Create("$n | Step-SwarmPromotion -TimeoutSeconds 120", ("n", nodes));
            var running = shell.BeginInvoke();
            await ManagerLab.UntilAsync(
                async () => await lab.RoleAsync(First, Second) is var role && role == "manager" ? (true, role) : (false, role),
                30
            );
            await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            Assert.False(running.IsCompleted);

            var stopping = Stopwatch.StartNew();
            shell.Stop();

            Assert.InRange(stopping.Elapsed.TotalSeconds, 0, 2);
        }
        finally
        {
            await lab.AllowControlAsync(Second);
        }

        var outcome = session.Run("$n | Step-SwarmPromotion", ("n", nodes)).ThrowOnError();

        Assert.Equal(3, outcome.Nodes.Count(node => node.Reachability == SwarmManagerReachability.Reachable));
        await SwarmFacts.AssertHealthyAsync(lab, managers: 3);
    }

    [Fact]
    public async Task A_promotion_that_a_killed_run_left_is_taken_back_when_it_cannot_end()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await lab.OnePrivateWorkerAsync(session);
        await lab.ExecAsync(First, $"docker node promote {Second.Name}");

        var outcome = session.Run("$n | Step-SwarmPromotion -TimeoutSeconds 8", ("n", nodes));

        Assert.Contains("PromotionFailed", outcome.ErrorIds);
        Assert.Equal("worker", await lab.RoleAsync(First, Second));
    }

    [Fact]
    public async Task A_node_outside_the_swarm_and_a_dead_one_do_not_hide_the_others()
    {
        Nightly.SkipUnlessAsked();
        await lab.ResetAsync();
        var nodes = session.Nodes(lab).ToArray();
        session
            .Run("$n[0], $n[1] | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest", ("n", nodes))
            .ThrowOnError();

        var outcome = session.Run("$n | Step-SwarmPromotion", ("n", nodes));

        Assert.Equal(["NodeNotInSwarm", "ManagerCountNotReached"], outcome.ErrorIds);
        Assert.Equal([nodes[0].Name, nodes[1].Name], outcome.Nodes.Select(node => node.Name));
        Assert.Equal("worker", await lab.RoleAsync(First, Second));
    }
}
