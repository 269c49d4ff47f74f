using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Lab;

/// <summary>Rows 1 to 4 of the failures that SwarmOps exists to prevent: done by hand the lab shows them, done with SwarmOps they do not occur.</summary>
public sealed partial class ByHandTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    private LabHost First => lab.Hosts[0];

    private LabHost Second => lab.Hosts[1];

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task By_hand_managers_with_private_addresses_lose_the_leader()
    {
        Nightly.SkipUnlessAsked();
        await lab.ResetAsync();
        await InitByHandAsync(First.PrivateAddress);
        var token = (await lab.ExecAsync(First, "docker swarm join-token -q manager")).Trim();
        await lab.ExecAsync(Second, $"timeout 40 docker swarm join --token {token} {First.PublicAddress}:2377 2>&1; true");

        // While it loses its leadership it says other things, each once.
        await ManagerLab.UntilAsync(
            async () =>
                await lab.ExecAsync(First, "timeout 60 docker node ls 2>&1; true") is var said && NoLeader().IsMatch(said)
                    ? (true, said)
                    : (false, said),
            90
        );
    }

    [Fact]
    public async Task With_private_addresses_SwarmOps_refuses_before_anything_is_changed()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab).Select(node => node with { AdvertiseAddress = node.PrivateAddress }).ToArray();

        var outcome = session.Run("$n | Initialize-Swarm | Join-SwarmAsWorker", ("n", nodes));

        Assert.Equal(["AdvertiseAddressUnreachable"], outcome.ErrorIds);
        Assert.Contains(nodes[1].Name, outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("2377/tcp", outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        await AssertAllInactiveAsync(lab.Hosts);
    }

    [Fact]
    public async Task By_hand_a_worker_with_a_private_address_is_never_a_reachable_manager()
    {
        Nightly.SkipUnlessAsked();
        await lab.ResetAsync();
        await InitByHandAsync(First.PublicAddress);
        await JoinByHandAsync(Second.PrivateAddress);
        await lab.ExecAsync(First, $"docker node promote {Second.Name}");

        // What never comes can only be waited for: a manager that is reachable is so within two seconds. Sooner or later the first may lose its leadership, too.
        var end = Environment.TickCount64 + 10_000;
        string said;
        do
        {
            said = await lab.ExecAsync(
                First,
                $"timeout 60 docker node inspect -f '{{{{.Spec.Role}}}} {{{{if .ManagerStatus}}}}{{{{.ManagerStatus.Reachability}}}}{{{{end}}}}' {Second.Name} 2>&1; true"
            );
            Assert.DoesNotContain("reachable", said.Replace("unreachable", "", StringComparison.Ordinal), StringComparison.Ordinal);
            await Task.Delay(500, TestContext.Current.CancellationToken);
        } while (Environment.TickCount64 < end);
        Assert.True(said.StartsWith("manager", StringComparison.Ordinal) || NoLeader().IsMatch(said), said);
    }

    [Fact]
    public async Task A_worker_with_a_private_address_is_refused_and_the_others_join()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab).ToArray();
        nodes[1] = nodes[1] with { AdvertiseAddress = nodes[1].PrivateAddress };

        var outcome = session.Run("$n | Initialize-Swarm | Join-SwarmAsWorker", ("n", nodes));

        Assert.Equal(["AdvertiseAddressUnreachable"], outcome.ErrorIds);
        Assert.Equal(nodes[1].Name, ((SwarmNode)outcome.Errors[0].TargetObject).Name);
        Assert.Equal([nodes[0].Name, nodes[2].Name], outcome.Nodes.Select(node => node.Name));
        await AssertAllInactiveAsync([Second]);
    }

    [Fact]
    public async Task By_hand_a_name_that_cannot_be_resolved_is_dropped_in_silence_on_join()
    {
        Nightly.SkipUnlessAsked();
        await lab.ResetAsync();
        await InitByHandAsync(First.PublicAddress);
        var token = (await lab.ExecAsync(First, "docker swarm join-token -q worker")).Trim();
        await lab.ExecAsync(
            Second,
            $"docker swarm join --token {token} --advertise-addr nosuchname --listen-addr {Second.PrivateAddress}:2377 {First.PublicAddress}:2377"
        );

        var address = (await lab.ExecAsync(Second, "docker info -f '{{.Swarm.NodeAddr}}'")).Trim();

        Assert.NotEqual("nosuchname", address);
        Assert.NotEqual(Second.PublicAddress, address);
    }

    [Fact]
    public async Task A_name_as_advertise_address_is_refused_before_anything_is_changed()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab).ToArray();
        nodes[0] = nodes[0] with { AdvertiseAddress = "nosuchname" };

        Assert.Equal(["AdvertiseAddressNotAnAddress"], session.Run("$n | Initialize-Swarm", ("n", nodes)).ErrorIds);
        Assert.Equal(
            ["AddressNotResolvable"],
            session.Run("New-SwarmNode -Name a -PublicAddress 203.0.113.9 -AdvertiseAddress nosuchname.invalid").ErrorIds
        );
        await AssertAllInactiveAsync(lab.Hosts);
    }

    [Fact]
    public async Task By_hand_the_engine_asks_for_a_listen_address_and_SwarmOps_finds_it()
    {
        await lab.ResetAsync();
        await OnAllAsync("ip address add 10.99.0.1/24 dev eth0");
        try
        {
            var said = await lab.ExecAsync(First, $"docker swarm init --advertise-addr {First.PublicAddress} 2>&1; true");
            Assert.Contains("must specify a listening address", said, StringComparison.Ordinal);

            var nodes = session.Nodes(lab).Select(node => node with { PrivateAddress = null }).ToArray();
            var outcome = session.Run("$n | Initialize-Swarm | Join-SwarmAsWorker", ("n", nodes)).ThrowOnError();

            Assert.All(outcome.Nodes, node => Assert.Equal(SwarmNodeState.Ready, node.State));
            await SwarmFacts.AssertHealthyAsync(lab, managers: 1);
        }
        finally
        {
            await OnAllAsync("ip address del 10.99.0.1/24 dev eth0");
        }
    }

    private Task<string> InitByHandAsync(string advertise) =>
        lab.ExecAsync(First, $"docker swarm init --advertise-addr {advertise} --listen-addr {First.PrivateAddress}:2377");

    private Task OnAllAsync(string script) => Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, script)));

    private async Task JoinByHandAsync(string advertise)
    {
        var token = (await lab.ExecAsync(First, "docker swarm join-token -q worker")).Trim();
        await lab.ExecAsync(
            Second,
            $"docker swarm join --token {token} --advertise-addr {advertise} --listen-addr {Second.PrivateAddress}:2377 {First.PublicAddress}:2377"
        );
    }

    private async Task AssertAllInactiveAsync(IEnumerable<LabHost> hosts)
    {
        foreach (var host in hosts)
            Assert.Equal("inactive", (await lab.ExecAsync(host, "docker info -f '{{.Swarm.LocalNodeState}}'")).Trim());
    }

    [GeneratedRegex("does not have a leader|deadline ?exceeded", RegexOptions.IgnoreCase)]
    private static partial Regex NoLeader();
}
