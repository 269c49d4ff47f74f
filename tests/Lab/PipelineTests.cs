namespace SwarmOps.Tests.Lab;

/// <summary>The product's one line, from bare engines to three managers and an encrypted overlay.</summary>
public sealed class PipelineTests(LabFixture lab) : IDisposable
{
    private const string Pipeline =
        "$n | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal -WarningAction SilentlyContinue";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task From_bare_engines_to_three_managers_and_an_overlay()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab);

        var overlay = (SwarmOverlay)session.Run(Pipeline, ("n", nodes)).ThrowOnError().Objects.Single();

        Assert.True(overlay.Encrypted);
        Assert.Equal(lab.Hosts.Count, overlay.Nodes.Count);
        await SwarmFacts.AssertHealthyAsync(lab, managers: 3);
    }

    [Fact]
    public async Task Run_again_it_changes_nothing_and_gives_the_same_objects()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab);
        var first = session.Run(Pipeline, ("n", nodes)).ThrowOnError();
        var before = await SwarmFacts.VersionsAsync(lab);

        var second = session.Run(Pipeline, ("n", nodes)).ThrowOnError();

        Assert.Equal(before, await SwarmFacts.VersionsAsync(lab));
        Assert.Equal(SwarmFacts.Json(first.Objects), SwarmFacts.Json(second.Objects));
    }

    [Fact]
    public async Task WhatIf_changes_nothing()
    {
        await lab.ResetAsync();
        var outcome = session.Run("$n | Initialize-Swarm -WhatIf", ("n", session.Nodes(lab))).ThrowOnError();

        Assert.Empty(outcome.Objects);
        foreach (var host in lab.Hosts)
            Assert.Contains("inactive", await lab.ExecAsync(host, "docker info -f '{{.Swarm.LocalNodeState}}'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_stage_passes_the_whole_set_on()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab);

        var initialized = session.Run("$n | Initialize-Swarm", ("n", nodes)).ThrowOnError().Nodes;
        var joined = session.Run("$n | Join-SwarmAsWorker", ("n", initialized)).ThrowOnError().Nodes;

        Assert.Equal(nodes.Select(node => node.Name), initialized.Select(node => node.Name));
        Assert.All(initialized, node => Assert.Equal(initialized[0].SwarmId, node.SwarmId));
        Assert.Equal(SwarmNodeRole.Manager, initialized[0].Role);
        Assert.True(initialized[0].IsLeader);
        Assert.All(initialized.Skip(1), node => Assert.Null(node.Role));
        Assert.Equal(nodes.Select(node => node.Name), joined.Select(node => node.Name));
        Assert.All(joined, node => Assert.Equal((SwarmNodeState.Ready, node.Region), (node.State, node.Labels["region"])));
        Assert.All(joined.Skip(1), node => Assert.Equal(SwarmNodeRole.Worker, node.Role));
    }

    [Fact]
    public async Task One_dead_node_does_not_hide_the_others()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab);
        var dead = (SwarmNode)
            session
                .Run(
                    "New-SwarmNode -Name dead -Region us-west-1 -PublicAddress $a -User root -Port 1 -KeyFilePath $k -HostKeyFingerprint $f",
                    ("a", lab.Hosts[2].PublicAddress),
                    ("k", lab.Hosts[2].KeyFile),
                    ("f", lab.Hosts[2].HostKeyFingerprint)
                )
                .ThrowOnError()
                .Objects.Single();

        session.Run("$n | Initialize-Swarm", ("n", new[] { nodes[0], nodes[1] })).ThrowOnError();

        var outcome = session.Run("$n | Initialize-Swarm | Join-SwarmAsWorker", ("n", new[] { nodes[0], nodes[1], dead }));

        Assert.Equal(["NodeUnreachable"], outcome.ErrorIds.Distinct());
        Assert.Equal([nodes[0].Name, nodes[1].Name], outcome.Nodes.Select(node => node.Name));
    }

    // An engine before 28.3 that left a swarm and could not tell it within a second holds 7946 for ever: in its next swarm it would be Ready, and deaf.
    [Theory]
    [InlineData(0, "$n | Initialize-Swarm")]
    [InlineData(1, "$n | Initialize-Swarm | Join-SwarmAsWorker")]
    public async Task An_engine_whose_gossip_port_is_held_enters_no_swarm(int index, string line)
    {
        await lab.ResetAsync();
        await lab.HoldGossipPortAsync(lab.Hosts[index]);
        try
        {
            var outcome = session.Run(line, ("n", session.Nodes(lab)));

            Assert.Contains("GossipPortHeld", outcome.ErrorIds);
            Assert.Equal("inactive", (await lab.ExecAsync(lab.Hosts[index], "docker info -f '{{.Swarm.LocalNodeState}}'")).Trim());
        }
        finally
        {
            await lab.LetGoOfGossipPortAsync(lab.Hosts[index]);
        }

        session.Run("$n | Initialize-Swarm | Join-SwarmAsWorker", ("n", session.Nodes(lab))).ThrowOnError();
    }
}
