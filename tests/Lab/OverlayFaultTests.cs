namespace SwarmOps.Tests.Lab;

/// <summary>
/// The rows of "what the failures look like" (docs/networking.md), each provoked and named; those with ESP are in lab/vm-proof. Docker takes its time to
/// notice what was cut: only with SWARMOPS_OVERLAY=all.
/// </summary>
public sealed class OverlayFaultTests(LabFixture lab) : IDisposable
{
    private const string Why = "Each waits until Docker has noticed the fault: SWARMOPS_OVERLAY=all runs it.";

    /// <summary>How long an engine may take to see what was cut, in seconds.</summary>
    private const int Patience = 150;

    private readonly Session session = new();

    public static bool Wanted => Environment.GetEnvironmentVariable("SWARMOPS_OVERLAY") is "all";

    private LabHost Second => lab.Hosts[1];

    public void Dispose() => session.Dispose();

    [Theory(Skip = Why, SkipUnless = nameof(Wanted))]
    [InlineData("7946/tcp,7946/udp", SwarmOverlayCause.GossipBlocked)]
    [InlineData("7946/udp", SwarmOverlayCause.GossipUdpBlocked)]
    [InlineData("4789/udp", SwarmOverlayCause.DataPathPortBlocked)]
    public async Task A_port_that_is_blocked_to_one_node_is_named(string ports, SwarmOverlayCause cause)
    {
        var nodes = await FormAsync(managers: false);
        foreach (var port in ports.Split(','))
            await lab.OnLabAsync("fault", "drop", Second.Name, port);

        await UntilNamedAsync(nodes, cause);
    }

    /// <summary>No container joins a network when no manager answers its engine, so there it is named without a packet.</summary>
    [Theory(Skip = Why, SkipUnless = nameof(Wanted))]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_control_port_that_is_blocked_is_named(bool managers)
    {
        var nodes = await FormAsync(managers);
        await lab.OnLabAsync("fault", "drop", Second.Name, "2377/tcp");

        var paths = await UntilNamedAsync(nodes, SwarmOverlayCause.ControlPortBlocked);

        Assert.All(
            paths.Where(path => path.Cause != SwarmOverlayCause.None),
            path => Assert.Contains($"2377/tcp between '{Second.Name}'", path.RecommendedAction, StringComparison.Ordinal)
        );
    }

    [Fact(Skip = Why, SkipUnless = nameof(Wanted))]
    public async Task A_region_that_is_cut_off_is_named()
    {
        var nodes = await FormAsync(managers: true);
        await lab.OnLabAsync("fault", "cut", Second.Region, "--keep-admin");

        await UntilNamedAsync(nodes, SwarmOverlayCause.HostCutOff);
    }

    [Fact(Skip = Why, SkipUnless = nameof(Wanted))]
    public async Task Names_that_one_node_does_not_get_are_named_with_the_repair()
    {
        var nodes = await FormAsync(managers: false);
        // Each container reaches the engine's resolver by rules in its own namespace.
        const string deafen =
            "rm -f /run/heard; end=$(($(date +%s) + 200)); while [ ! -e /run/heard ] && [ $(date +%s) -lt $end ]; do for c in $(docker ps -q -f label=swarmops.overlay-probe); do nsenter -t $(docker inspect -f '{{.State.Pid}}' $c) -n iptables -t nat -F; done; sleep 0.05; done; true";
        var deafening = lab.ExecAsync(Second, deafen);

        var paths = await UntilAsync(
            nodes,
            paths => paths.All(path => path.Cause == (path.From == Second.Name ? SwarmOverlayCause.StaleName : SwarmOverlayCause.None))
        );

        await lab.ExecAsync(Second, "touch /run/heard");
        await deafening;
        Assert.All(
            paths.Where(path => path.From == Second.Name),
            path => Assert.Contains("Repair-Swarm -NameOn internal", path.RecommendedAction, StringComparison.Ordinal)
        );
    }

    /// <summary>An engine says only once that it has joined a network (moby pull request 53437).</summary>
    [Fact(Skip = Why, SkipUnless = nameof(Wanted))]
    public async Task What_a_node_missed_in_a_short_cut_is_no_blocked_port()
    {
        var nodes = await FormAsync(managers: false);
        await lab.OnLabAsync("fault", "drop", Second.Name, "7946/udp");
        var testing = Task.Run(() => Test(nodes));
        await Task.WhenAll(
            lab.Hosts.Select(host =>
                lab.ExecAsync(
                    host,
                    "timeout 30 sh -c 'until [ -n \"$(docker ps -q -f label=swarmops.overlay-probe)\" ]; do sleep 0.1; done'"
                )
            )
        );
        // Longer than an engine repeats what it says: four times in 0.8 s.
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        await lab.OnLabAsync("fault", "heal");

        Assert.All(await testing, path => Assert.Equal(SwarmOverlayCause.None, path.Cause));
    }

    private async Task<IReadOnlyList<SwarmNode>> FormAsync(bool managers)
    {
        // What was cut once can stay deaf: each test has engines of its own.
        IReadOnlyList<SwarmNode> nodes = managers ? await lab.ThreeManagersAsync(session) : await lab.OneManagerAsync(session);
        session.Run("$n | New-EncryptedOverlay -Name internal -Unencrypted -WarningAction SilentlyContinue", ("n", nodes)).ThrowOnError();
        Assert.All(Test(nodes), path => Assert.Equal(SwarmOverlayCause.None, path.Cause));
        return nodes;
    }

    /// <summary>Waits until all ways to and from the second host have the cause, and the others none.</summary>
    private Task<IReadOnlyList<SwarmOverlayPath>> UntilNamedAsync(IReadOnlyList<SwarmNode> nodes, SwarmOverlayCause cause) =>
        UntilAsync(
            nodes,
            paths => paths.All(path => path.Cause == (path.From == Second.Name || path.To == Second.Name ? cause : SwarmOverlayCause.None))
        );

    private async Task<IReadOnlyList<SwarmOverlayPath>> UntilAsync(
        IReadOnlyList<SwarmNode> nodes,
        Func<IReadOnlyList<SwarmOverlayPath>, bool> isSo
    )
    {
        IReadOnlyList<SwarmOverlayPath> paths = [];
        await ManagerLab.UntilAsync(
            () =>
            {
                paths = Test(nodes);
                return Task.FromResult(
                    (isSo(paths), string.Join("; ", paths.Select(path => $"{path.From} -> {path.To} {path.Cause}: {path.Detail}")))
                );
            },
            Patience
        );
        await lab.OnLabAsync("fault", "heal");
        return paths;
    }

    private List<SwarmOverlayPath> Test(IReadOnlyList<SwarmNode> nodes) =>
        [
            .. session
                .Run("$n | Test-SwarmOverlay -Name internal -WarningAction SilentlyContinue", ("n", nodes))
                .ThrowOnError()
                .Objects.Cast<SwarmOverlayPath>(),
        ];
}
