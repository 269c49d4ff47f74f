namespace SwarmOps.Tests.Lab;

/// <summary>Get-Swarm tells the truth through reboots and cuts, and the swarm heals by itself.</summary>
public sealed class SwarmHealthTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_sound_swarm_is_told_of_in_full()
    {
        var nodes = await lab.ThreeManagersAsync(session);

        var swarm = Summary(nodes);

        Assert.Empty(swarm.Warnings);
        Assert.Equal(
            (3, 3, 2, 1, 0, 3),
            (swarm.ManagerCount, swarm.ReachableManagerCount, swarm.Quorum, swarm.ToleratedFailures, swarm.WorkerCount, swarm.ReadyCount)
        );
        Assert.Equal(nodes.Single(node => node.IsLeader).Name, swarm.Leader);
        Assert.Equal(lab.Hosts.Select(host => host.Region).Order(), swarm.Regions);
        Assert.Single(swarm.EngineVersions);
        Assert.InRange((swarm.RootCertificateExpiry!.Value - DateTime.UtcNow).TotalDays, 365 * 15, 365 * 25);
        Assert.Equal(90, swarm.NodeCertificateValidity!.Value.TotalDays);
        Assert.Equal(["10.0.0.0/8"], swarm.AddressPools);
        Assert.False(swarm.AutoLock);
        Assert.InRange(swarm.CreatedAt, DateTime.UtcNow.AddMinutes(-10), DateTime.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task Each_manager_is_rebooted_in_turn_and_the_swarm_is_whole_again_by_itself()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await lab.ThreeManagersAsync(session);

        foreach (var host in lab.Hosts)
        {
            await lab.OnLabAsync("host", "reboot", host.Name, "--wait");
            await UntilWholeAsync(nodes);
        }

        await SwarmFacts.AssertHealthyAsync(lab, managers: 3);
        Assert.Empty(session.Run("$n | Step-SwarmPromotion", ("n", nodes)).ThrowOnError().Warnings);
    }

    [Fact]
    public async Task A_cut_region_leaves_a_working_majority_and_heals()
    {
        var nodes = await lab.ThreeManagersAsync(session);
        var leader = nodes.Single(node => node.IsLeader);
        var others = nodes.Where(node => !node.IsLeader).ToArray();

        await lab.OnLabAsync("fault", "cut", leader.Region!, "--keep-admin");
        await ManagerLab.UntilAsync(
            () =>
            {
                var outcome = session.Run("Get-Swarm $o", ("o", others));
                var swarm = outcome.Objects.OfType<SwarmSummary>().SingleOrDefault();
                return Task.FromResult(
                    (
                        swarm is { ReachableManagerCount: 2, ManagerCount: 3, ToleratedFailures: 0 } && swarm.Leader != leader.Name,
                        Words(outcome)
                    )
                );
            },
            90
        );
        session.Run("$o[0] | Set-SwarmNode -Label @{ written = 'during-the-cut' } -Manager $o", ("o", others)).ThrowOnError();
        var seen = Summary(nodes);
        Assert.Contains(seen.Warnings, warning => warning.Contains($"cannot reach the manager '{leader.Name}'", StringComparison.Ordinal));
        Assert.Contains(seen.Warnings, warning => warning.StartsWith($"The manager '{leader.Name}'", StringComparison.Ordinal));

        await lab.OnLabAsync("fault", "heal");
        await UntilWholeAsync(nodes);
        await SwarmFacts.AssertHealthyAsync(lab, managers: 3);
    }

    private SwarmSummary Summary(SwarmNode[] nodes) =>
        (SwarmSummary)session.Run("Get-Swarm $n", ("n", nodes)).ThrowOnError().Objects.Single();

    private Task UntilWholeAsync(SwarmNode[] nodes) =>
        ManagerLab.UntilAsync(
            () =>
            {
                var outcome = session.Run("Get-Swarm $n", ("n", nodes));
                var swarm = outcome.Objects.OfType<SwarmSummary>().SingleOrDefault();
                return Task.FromResult((swarm is { Warnings.Count: 0, ReachableManagerCount: 3 }, Words(outcome)));
            },
            120
        );

    private static string Words(Outcome outcome) =>
        string.Join(
            " | ",
            outcome
                .Errors.Select(error => error.Exception.Message)
                .Concat(outcome.Objects.OfType<SwarmSummary>().SelectMany(swarm => swarm.Warnings))
        );
}
