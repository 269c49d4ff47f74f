namespace SwarmOps.Tests.Lab;

/// <summary>Set-SwarmNode on real engines: nothing of another writer is lost, and what is so already is not sent.</summary>
public sealed class NodeSettingTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    private LabHost First => lab.Hosts[0];

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Labels_and_availability_are_set_and_a_second_run_sends_nothing()
    {
        var nodes = await lab.OneManagerAsync(session);

        var first = session
            .Run("$n | Set-SwarmNode -Label @{ disk = 'ssd'; rack = 7 } -RemoveLabel absent -Zone a -Availability Pause", ("n", nodes))
            .ThrowOnError();
        var versions = await VersionsAsync();
        var second = session
            .Run("$n | Set-SwarmNode -Label @{ disk = 'ssd'; rack = 7 } -RemoveLabel absent -Zone a -Availability Pause", ("n", nodes))
            .ThrowOnError();

        Assert.Equal(versions, await VersionsAsync());
        Assert.Equal(SwarmFacts.Json(first.Objects), SwarmFacts.Json(second.Objects));
        Assert.All(
            first.Nodes,
            node =>
                Assert.Equal(
                    (SwarmNodeAvailability.Pause, "a", "ssd", "7", node.Region),
                    (node.Availability, node.Zone, node.Labels["disk"], node.Labels["rack"], node.Labels["region"])
                )
        );

        var third = session
            .Run("$n[1] | Set-SwarmNode -RemoveLabel disk, rack -Availability Active -Manager $n[0]", ("n", nodes))
            .ThrowOnError()
            .Nodes.Single();
        Assert.Equal(["region", "zone"], third.Labels.Keys);
        Assert.Equal(SwarmNodeAvailability.Active, third.Availability);
        Assert.Equal(SwarmNodeRole.Worker, third.Role);
    }

    [Fact]
    public async Task Nothing_of_another_writer_is_lost()
    {
        var nodes = await lab.OneManagerAsync(session);
        var name = lab.Hosts[1].Name;
        var other = lab.ExecAsync(
            First,
            $"for i in $(seq 1 60); do until docker node update --label-add other$i=x {name} >/dev/null 2>&1; do :; done; done"
        );

        for (var number = 1; number <= 15; number++)
            session
                .Run("$n[1] | Set-SwarmNode -Label @{ $name = 'y' } -Manager $n[0]", ("n", nodes), ("name", $"mine{number}"))
                .ThrowOnError();
        await other;

        var labels = session.Run("Get-SwarmNode $n -Name $name", ("n", nodes), ("name", name)).ThrowOnError().Nodes.Single().Labels;
        Assert.Equal(15, labels.Keys.Count(key => key.StartsWith("mine", StringComparison.Ordinal)));
        Assert.Equal(60, labels.Keys.Count(key => key.StartsWith("other", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Members_outside_the_set_are_listed_without_a_way_to_reach_them_and_can_be_set()
    {
        var nodes = await lab.OneManagerAsync(session);

        var all = session.Run("Get-SwarmNode $n[0]", ("n", nodes)).ThrowOnError().Nodes;
        var set = session
            .Run("Get-SwarmNode $n[0] -Role Worker | Set-SwarmNode -Label @{ a = 'b' } -Manager $n[0]", ("n", nodes))
            .ThrowOnError()
            .Nodes;

        Assert.Equal(nodes.Select(node => node.Name).Order(), all.Select(node => node.Name).Order());
        Assert.Equal(nodes[0].DockerHost, all[0].DockerHost);
        Assert.All(all.Skip(1), node => Assert.Equal((null, node.Labels["region"]), (node.DockerHost, node.Region)));
        Assert.Equal(2, set.Count);
        Assert.All(set, node => Assert.Equal("b", node.Labels["a"]));
    }

    [Fact]
    public async Task Nodes_are_found_by_name_role_state_and_region()
    {
        var nodes = await lab.OneManagerAsync(session);

        Assert.Equal(2, session.Run("Get-SwarmNode $n -Name us-*", ("n", nodes)).ThrowOnError().Nodes.Count);
        Assert.Single(
            session.Run("Get-SwarmNode $n -Role Manager -State Ready -Availability Active -Region eu-*", ("n", nodes)).ThrowOnError().Nodes
        );
        Assert.Empty(session.Run("Get-SwarmNode $n -State Down", ("n", nodes)).ThrowOnError().Nodes);
        var missing = session.Run("Get-SwarmNode $n -Name nosuchnode, $last", ("n", nodes), ("last", nodes[2].Name));
        Assert.Equal(["NodeNotFound"], missing.ErrorIds);
        Assert.Equal([nodes[2].Name], missing.Nodes.Select(node => node.Name));
    }

    private Task<string> VersionsAsync() => lab.ExecAsync(First, "docker node inspect -f '{{.ID}} {{json .Spec}}' $(docker node ls -q)");
}
