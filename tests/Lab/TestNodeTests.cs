using SwarmOps.Nodes.Preflight;

namespace SwarmOps.Tests.Lab;

/// <summary>Test-SwarmNode on real hosts: a healthy set passes, and each fault names exactly its pairs.</summary>
public sealed class TestNodeTests(LabFixture lab) : IDisposable
{
    private static readonly string[] PairChecks = ["2377/tcp", "4789/udp", "50/esp", "7946/tcp", "7946/udp"];

    private const string Defect = "EngineDefect";

    /// <summary>The defects that docs/engines.md tells of each engine of the lab, counted there by hand.</summary>
    private static readonly Dictionary<string, int> KnownDefects = new()
    {
        ["20.10.24"] = 8,
        ["26.1.5"] = 5,
        ["28.5.2"] = 3,
    };

    private const string Processes = "ps -eo pid,ppid,etimes,args";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_healthy_set_passes_every_check_and_no_listener_stays()
    {
        await lab.ResetAsync();
        var findings = Others(Test(session.Nodes(lab)));

        Assert.All(findings, finding => Assert.True(finding.Result == FindingResult.Pass, $"{finding}"));
        var pairs = lab.Hosts.Count * (lab.Hosts.Count - 1);
        Assert.Equal(PairChecks.Length * pairs, findings.Count(finding => finding.Peer is not null));
        Assert.Equal(7 * lab.Hosts.Count, findings.Count(finding => finding.Peer is null));
        foreach (var host in lab.Hosts)
            Assert.DoesNotContain("perl", await lab.ExecAsync(host, "ss -tulpnw"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_known_defects_of_each_hosts_own_engine_are_warnings_with_source_and_next_step()
    {
        await lab.ResetAsync();
        var findings = Test(session.Nodes(lab)).Where(finding => finding.Check == Defect).ToList();

        foreach (var host in lab.Hosts)
        {
            var version = (await lab.ExecAsync(host, "docker version --format '{{.Server.Version}}'")).Trim();
            Assert.True(
                KnownDefects.TryGetValue(version.Split('+')[0], out var known),
                $"The defects of {version} are not counted here yet."
            );
            var own = findings.Where(finding => finding.Node == host.Name).ToList();
            Assert.Equal(known, own.Count);
            Assert.All(
                own,
                finding =>
                {
                    Assert.Equal(FindingResult.Warning, finding.Result);
                    Assert.StartsWith($"{version}: ", finding.Detail, StringComparison.Ordinal);
                    Assert.Contains(" https://github.com/moby/", finding.Detail, StringComparison.Ordinal);
                    Assert.NotEmpty(finding.RecommendedAction);
                }
            );
        }
    }

    [Fact]
    public async Task In_a_running_swarm_the_ports_that_the_engine_holds_are_tested_too()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab);
        session.Run("$n | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion", ("n", nodes)).ThrowOnError();

        Assert.All(Others(Test(nodes)), finding => Assert.True(finding.Result == FindingResult.Pass, $"{finding}"));

        await lab.OnLabAsync("fault", "drop", lab.Hosts[2].Name, "7946/udp");
        Assert.Equal(PairsOf(lab.Hosts[2], "7946/udp"), Failures(Test(nodes)));
    }

    [Theory]
    [InlineData("50/esp", "drop-esp")]
    [InlineData("2377/tcp", "drop")]
    [InlineData("4789/udp", "drop")]
    [InlineData("7946/tcp", "drop")]
    [InlineData("7946/udp", "drop")]
    public async Task A_fault_names_exactly_its_pairs_its_check_and_the_rule_to_add(string check, string fault)
    {
        await lab.ResetAsync();
        var host = lab.Hosts[1];
        if (fault == "drop")
            await lab.OnLabAsync("fault", fault, host.Name, check);
        else
            await lab.OnLabAsync("fault", fault, host.Name);

        var findings = Test(session.Nodes(lab));

        Assert.Equal(PairsOf(host, check), Failures(findings));
        var failed = findings.First(finding => finding.Result == FindingResult.Fail && finding.Peer == host.Name);
        var source = lab.Hosts.Single(other => other.Name == failed.Node).PublicAddress;
        Assert.Contains(check == "50/esp" ? "IP protocol 50" : check, failed.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains(source + "/32", failed.RecommendedAction, StringComparison.Ordinal);
        if (fault == "drop-esp")
            Assert.Equal(
                false,
                session.Run("$n | Test-SwarmNode -Quiet -TimeoutSeconds 1", ("n", session.Nodes(lab))).ThrowOnError().Objects.Single()
            );
    }

    [Fact]
    public async Task A_firewall_that_rejects_is_told_from_one_that_drops()
    {
        Nightly.SkipUnlessAsked();
        await lab.ResetAsync();
        await lab.ExecAsync(lab.Hosts[0], "iptables -I INPUT -p tcp --dport 2377 -j REJECT");
        try
        {
            var failures = Test(session.Nodes(lab)).Where(finding => finding.Result == FindingResult.Fail).ToList();
            Assert.Equal(lab.Hosts.Count - 1, failures.Count);
            Assert.All(failures, failure => Assert.Contains("a firewall rejects it", failure.Detail, StringComparison.Ordinal));
        }
        finally
        {
            await lab.ExecAsync(lab.Hosts[0], "iptables -D INPUT -p tcp --dport 2377 -j REJECT");
        }
    }

    [Fact]
    public async Task Private_addresses_across_regions_fail_and_the_public_ones_are_recommended()
    {
        Nightly.SkipUnlessAsked();
        await lab.ResetAsync();
        var nodes = session
            .Run("$n | ForEach-Object { $_ | New-SwarmNode -AdvertiseAddress $_.PrivateAddress }", ("n", session.Nodes(lab)))
            .ThrowOnError()
            .Nodes;

        var findings = Test(nodes);

        foreach (var host in lab.Hosts)
        {
            var finding = findings.Single(finding => finding.Node == host.Name && finding.Check == "AdvertiseAddress");
            Assert.Equal(FindingResult.Fail, finding.Result);
            Assert.Contains($"-AdvertiseAddress {host.PublicAddress}", finding.RecommendedAction, StringComparison.Ordinal);
        }

        Assert.All(findings.Where(finding => finding.Peer is not null), finding => Assert.Equal(FindingResult.Fail, finding.Result));
    }

    [Fact]
    public async Task An_address_that_leads_to_another_host_is_seen()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab);
        IReadOnlyList<SwarmNode> swapped =
        [
            nodes[0],
            nodes[1] with
            {
                AdvertiseAddress = nodes[2].AdvertiseAddress,
            },
            nodes[2] with
            {
                AdvertiseAddress = nodes[1].AdvertiseAddress,
            },
        ];

        var findings = Test(swapped).Where(finding => finding.Node == nodes[0].Name && finding.Peer == nodes[1].Name).ToList();

        Assert.Equal(PairChecks.Length, findings.Count);
        Assert.All(findings, finding => Assert.Contains($"belongs to '{nodes[2].Name}'", finding.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_cannot_be_reached_is_a_finding_and_hides_no_other()
    {
        await lab.ResetAsync();
        var nodes = session.Nodes(lab);
        IReadOnlyList<SwarmNode> wrong = [nodes[0], nodes[1], nodes[2] with { HostKeyFingerprint = nodes[0].HostKeyFingerprint }];

        var outcome = session.Run("$n | Test-SwarmNode", ("n", wrong)).ThrowOnError();

        var findings = outcome.Objects.OfType<NodeFinding>().ToList();
        Assert.Contains(
            findings,
            finding => finding.Node == nodes[2].Name && finding.Check == "Engine" && finding.Result == FindingResult.Fail
        );
        Assert.All(
            findings.Where(finding => finding.Peer is not null),
            finding =>
                Assert.Equal(
                    finding.Node == nodes[2].Name || finding.Peer == nodes[2].Name ? FindingResult.NotTested : FindingResult.Pass,
                    finding.Result
                )
        );
    }

    [Fact]
    public async Task A_test_that_is_stopped_leaves_no_listener()
    {
        await lab.ResetAsync();
        await lab.OnLabAsync("fault", "drop-esp", lab.Hosts[1].Name);
        using var shell = session.Create("$n | Test-SwarmNode -TimeoutSeconds 30", ("n", session.Nodes(lab)));
        var running = shell.BeginInvoke();
        await WaitForAsync(lab.Hosts[0], Processes, seen => seen.Contains("perl -", StringComparison.Ordinal));

        var watch = System.Diagnostics.Stopwatch.StartNew();
        shell.Stop();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"stopping took {watch.Elapsed}");

        await WaitForAsync(lab.Hosts[0], Processes, seen => !seen.Contains("perl -", StringComparison.Ordinal));
        Assert.True(running.IsCompleted);
    }

    /// <summary>Looks at a host until it is so; fails with what it saw last.</summary>
    private async Task WaitForAsync(LabHost host, string script, Func<string, bool> isSo)
    {
        var seen = "";
        for (var attempt = 0; attempt < 100; attempt++)
        {
            seen = await lab.ExecAsync(host, script);
            if (isSo(seen))
                return;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"It did not happen within 10 s: {seen}");
    }

    private List<NodeFinding> Test(IReadOnlyList<SwarmNode> nodes) =>
        [.. session.Run("$n | Test-SwarmNode -TimeoutSeconds 2", ("n", nodes)).ThrowOnError().Objects.OfType<NodeFinding>()];

    /// <summary>The findings that do not depend on the release of the lab's engine.</summary>
    private static List<NodeFinding> Others(IEnumerable<NodeFinding> findings) => [.. findings.Where(finding => finding.Check != Defect)];

    private static IEnumerable<string> Failures(IEnumerable<NodeFinding> findings) =>
        Others(findings)
            .Where(finding => finding.Result != FindingResult.Pass)
            .Select(finding => $"{finding.Node}>{finding.Peer} {finding.Check}")
            .Order(StringComparer.Ordinal);

    private IEnumerable<string> PairsOf(LabHost host, string check) =>
        lab
            .Hosts.Where(other => other.Name != host.Name)
            .SelectMany(other => new[] { $"{host.Name}>{other.Name} {check}", $"{other.Name}>{host.Name} {check}" })
            .Order(StringComparer.Ordinal);
}
