using System.Diagnostics;

namespace SwarmOps.Tests.Lab;

/// <summary>Hosts whose public address changes while they are members of a swarm.</summary>
public sealed class AddressChangeTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();
    private readonly string folder = Directory.CreateTempSubdirectory("swarmops-").FullName;

    public void Dispose()
    {
        session.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_worker_a_manager_and_the_leader_are_what_they_were_at_their_new_addresses()
    {
        Nightly.SkipUnlessAsked();
        await FormAsync();
        foreach (var (host, from, role) in new[] { (lab.Hosts[1], 0, "worker"), (lab.Hosts[2], 0, "manager"), (lab.Hosts[0], 1, "leader") })
        {
            if (role != "worker")
                session.Run("$n | Step-SwarmPromotion -SkipReachabilityTest", ("n", session.Nodes(lab))).ThrowOnError();
            var former = await IdAsync(host);
            await lab.OnLabAsync("host", "address", host.Name);
            await lab.RefreshAsync();
            var nodes = session.Nodes(lab);
            Outcome Repair(string more = "") =>
                session.Run($"$n | Repair-Swarm -NewAddress {host.Name} -SkipReachabilityTest {more}", ("n", nodes));

            Assert.Empty(Repair("-WhatIf").ThrowOnError().Objects);
            Assert.Equal(former, await IdAsync(host));
            var begun = Stopwatch.GetTimestamp();
            var moved = Repair("-Confirm:$false").ThrowOnError().Nodes.Single();
            Note($"{role}: {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
            Assert.Equal(role == "worker" ? SwarmNodeRole.Worker : SwarmNodeRole.Manager, moved.Role);
            await AssertMovedAsync(lab.Hosts.Single(other => other.Name == host.Name), lab.Hosts[from], former, role);
            Assert.Contains(
                Repair("-Confirm:$false -Verbose").ThrowOnError().Verbose,
                line => line.Contains("already advertises", StringComparison.Ordinal)
            );
        }

        Assert.Equal("3", (await lab.ExecAsync(lab.Hosts[1], "docker node ls -q | wc -l")).Trim());
    }

    [Fact]
    public async Task The_only_manager_stays_where_it_is()
    {
        Nightly.SkipUnlessAsked();
        await FormAsync();
        await lab.OnLabAsync("host", "address", lab.Hosts[0].Name);
        await lab.RefreshAsync();
        var refused = session.Run(
            $"$n | Repair-Swarm -NewAddress {lab.Hosts[0].Name} -SkipReachabilityTest -Confirm:$false",
            ("n", session.Nodes(lab))
        );
        Assert.Equal(["OnlyManagerMoved"], refused.ErrorIds);
        Assert.Equal("active", (await lab.ExecAsync(lab.Hosts[0], "docker info -f '{{.Swarm.LocalNodeState}}'")).Trim());
        await lab.ResetAsync();
    }

    [Fact]
    public async Task Killed_anywhere_the_move_of_a_manager_is_completed_by_the_same_command()
    {
        Nightly.SkipUnlessAsked();
        await FormAsync();
        session.Run("$n | Step-SwarmPromotion -SkipReachabilityTest", ("n", session.Nodes(lab))).ThrowOnError();
        var name = lab.Hosts[2].Name;
        var total = 0;
        for (var point = 0; point <= total; point++)
        {
            var former = await IdAsync(lab.Hosts[2]);
            await lab.OnLabAsync("host", "address", name);
            await lab.RefreshAsync();
            if (point == 0)
                total = await KillAsync(0) ?? throw new InvalidOperationException("It does not even run whole.");
            else
            {
                await KillAsync(point);
                Assert.True(await KillAsync(0) is not null, $"Killed at point {point}, the second run failed.");
            }

            await AssertMovedAsync(lab.Hosts[2], lab.Hosts[0], former, "manager");
        }

        Note($"{total} points");
    }

    private async Task FormAsync()
    {
        await lab.ResetAsync();
        session
            .Run("$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest", ("n", session.Nodes(lab)))
            .ThrowOnError();
        await lab.ExecAsync(
            lab.Hosts[0],
            """
            set -e
            for id in $(docker node ls -q); do docker node update --label-add kept=yes $id >/dev/null; done
            docker service create -d --name agent --mode global lab/busybox:latest sleep 1000000 >/dev/null
            """
        );
    }

    /// <summary>The node is one member, at its present address, with its label, its role and its task.</summary>
    private async Task AssertMovedAsync(LabHost host, LabHost from, string former, string role)
    {
        var id = await IdAsync(host);
        Assert.NotEqual(former, id);
        Assert.Equal(host.PublicAddress, (await lab.ExecAsync(host, "docker info -f '{{.Swarm.NodeAddr}}'")).Trim());
        var seen = await lab.ExecAsync(
            from,
            $$$"""
            docker node inspect -f '{{.Spec.Labels}} {{with .ManagerStatus}}{{.Reachability}} {{.Addr}}{{end}}' {{{id}}}
            docker node ls --format '{{.ID}} {{.Hostname}} {{.Status}}'
            docker service ps agent --filter desired-state=running --format '{{.Node}} {{.CurrentState}}'
            """
        );
        Assert.Contains("kept:yes", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("swarmops.moved", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(former, seen, StringComparison.Ordinal);
        Assert.Contains($"{host.Name} Running", seen, StringComparison.Ordinal);
        Assert.Equal(role != "worker", seen.Contains($"reachable {host.PublicAddress}:2377", StringComparison.Ordinal));
        Assert.DoesNotContain("swarmops.lock", await lab.ExecAsync(from, "docker config ls"), StringComparison.Ordinal);
    }

    private async Task<string> IdAsync(LabHost host) => (await lab.ExecAsync(host, "docker info -f '{{.Swarm.NodeID}}'")).Trim();

    private async Task<int?> KillAsync(int killAt)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.ps1");
        await File.WriteAllTextAsync(
            path,
            $"{KillRun.Nodes(lab)} | Repair-Swarm -NewAddress {lab.Hosts[2].Name} -SkipReachabilityTest -Confirm:$false"
        );
        return await KillRun.RunAsync(path, killAt);
    }

    private static void Note(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
