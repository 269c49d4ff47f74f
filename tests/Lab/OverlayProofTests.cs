using SwarmOps.Overlay.Proof;

namespace SwarmOps.Tests.Lab;

/// <summary>Overlay networks proven by packets, and each fault named.</summary>
public sealed class OverlayProofTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_sound_network_passes_and_each_fault_is_named()
    {
        var nodes = await FormAsync();
        var region = lab.Hosts[1].Region;

        var sound = Test(nodes);
        Assert.Equal(6, sound.Count);
        Assert.Equal(
            from one in nodes
            from other in nodes
            where one != other
            select $"{one.Name} -> {other.Name}: Pass",
            sound.Select(path => path.ToString())
        );
        Assert.All(
            sound,
            path =>
                Assert.True(
                    path
                        is {
                            Result: FindingResult.Pass,
                            Cause: SwarmOverlayCause.None,
                            Loss: 0,
                            Udp: true,
                            Tcp: true,
                            NameResolves: true,
                            Mtu: 1450,
                            LargestPacket: 1450
                        },
                    $"{path}: {path.Detail}"
                )
        );

        await lab.OnLabAsync("fault", "drop", region, "4789/udp");
        AssertCut(Test(nodes), SwarmOverlayCause.DataPathPortBlocked);
        await lab.OnLabAsync("fault", "heal");
        Assert.Equal([true], session.Run("$n | Test-SwarmOverlay -Name internal -Quiet", ("n", nodes)).ThrowOnError().Objects);

        Assert.Equal(0, await ProbesAsync());
    }

    [Fact]
    public async Task What_was_not_tested_is_listed_with_the_reason_and_is_not_proven()
    {
        var nodes = await FormAsync();
        var dead = nodes[2] with { DockerHost = $"ssh://root@{lab.Hosts[2].PublicAddress}:1" };
        SwarmNode[] set = [nodes[0], dead, nodes[1]];

        var silent = session.Run("$n | Test-SwarmOverlay -Name internal", ("n", set)).ThrowOnError();
        AssertUntested(silent, set, dead, "cannot be reached");
        Assert.Contains($"'{dead.Name}'", Assert.Single(silent.Warnings), StringComparison.Ordinal);
        Assert.Equal(
            [false],
            session.Run("$n | Test-SwarmOverlay -Name internal -Quiet -WarningAction SilentlyContinue", ("n", set)).ThrowOnError().Objects
        );
        var matrix = Assert.IsType<SwarmOverlayMatrix>(
            Assert.Single(
                session
                    .Run("$n | Test-SwarmOverlay -Name internal -Matrix -WarningAction SilentlyContinue", ("n", set))
                    .ThrowOnError()
                    .Objects
            )
        );
        Assert.Equal((6, 2, 4), (matrix.PathCount, matrix.PassCount, matrix.NotTestedCount));
        Assert.Equal(set.Select(node => node.Name), matrix.Nodes);

        await lab.ExecAsync(lab.Hosts[2], "docker swarm leave");
        var left = session.Run("$n | Test-SwarmOverlay -Name internal", ("n", nodes));
        Assert.Equal(["NodeNotInSwarm"], left.ErrorIds);
        AssertUntested(left, nodes, nodes[2], "is not a member of swarm");
        Assert.Empty(left.Warnings);
    }

    [Fact]
    public async Task A_WAN_that_swallows_large_packets_is_measured_and_with_the_value_that_is_named_the_network_is_sound()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        await lab.ExecAsync(
            lab.Hosts[1],
            "nft -f - <<'END'\ntable inet wan {\nchain out { type filter hook output priority 0; ip protocol udp meta length > 1420 drop\n}\nchain in { type filter hook input priority 0; ip protocol udp meta length > 1420 drop\n}\n}\nEND"
        );
        try
        {
            AssertCut(Test(nodes), SwarmOverlayCause.MtuTooLarge);
            Assert.All(
                Test(nodes).Where(path => path.Cause != SwarmOverlayCause.None),
                path =>
                {
                    Assert.Equal((0, true, 1450, 1370), (path.Loss, path.Tcp, path.Mtu, path.LargestPacket));
                    Assert.Contains("-Mtu 1420", path.RecommendedAction, StringComparison.Ordinal);
                }
            );

            var named = session
                .Run("$n | New-EncryptedOverlay -Name wan -Unencrypted -Mtu 1420 -Verify -WarningAction SilentlyContinue", ("n", nodes))
                .ThrowOnError();
            Assert.Equal("wan", ((SwarmOverlay)named.Objects.Single()).Name);
            session.Run("$n | Remove-SwarmOverlay -Name wan -Confirm:$false", ("n", nodes)).ThrowOnError();
        }
        finally
        {
            await lab.ExecAsync(lab.Hosts[1], "nft delete table inet wan");
        }
    }

    [Fact]
    public async Task Stopped_in_the_middle_it_takes_its_probes_away()
    {
        var nodes = await FormAsync();
        using var shell = session.Create("$n | Test-SwarmOverlay -Name internal", ("n", nodes));
        var running = shell.BeginInvoke();
        await ManagerLab.UntilAsync(
            async () => await ProbesAsync() is var count && count == 3 ? (true, $"{count} probes") : (false, $"{count} probes"),
            30
        );
        Assert.False(running.IsCompleted);

        await Task.Run(shell.Stop, TestContext.Current.CancellationToken);

        // An engine that is starting a container removes it when it has started it: seconds, many on a busy machine. By themselves they would end after five minutes.
        await ManagerLab.UntilAsync(
            async () => await ProbesAsync() is var count && count == 0 ? (true, "none") : (false, $"{count} probes"),
            60
        );
    }

    [Fact]
    public async Task What_a_killed_run_left_is_taken_away_by_the_next()
    {
        var nodes = await FormAsync();
        var script = Path.GetTempFileName() + ".ps1";
        await File.WriteAllTextAsync(
            script,
            $"$null = {KillRun.Nodes(lab)} | Test-SwarmOverlay -Name internal",
            TestContext.Current.CancellationToken
        );
        try
        {
            // The first run on an engine makes the probes' image, too: from the second on all have the same points, and the last three are the removals.
            Test(nodes);
            var points = await KillRun.RunAsync(script, 0, "effects");
            Assert.NotNull(points);

            Assert.Null(await KillRun.RunAsync(script, points.Value - 2, "effects"));
            Assert.InRange(await ProbesAsync(), 1, 3);
            Assert.Equal([true], session.Run("$n | Test-SwarmOverlay -Name internal -Quiet", ("n", nodes)).ThrowOnError().Objects);
            Assert.Equal(0, await ProbesAsync());
        }
        finally
        {
            File.Delete(script);
        }
    }

    [Fact]
    public async Task An_encrypted_network_on_a_kernel_without_ESP_fails_and_is_not_emitted_when_it_must_be_proven()
    {
        var nodes = await FormAsync();
        if (
            (
                await lab.ExecAsync(
                    lab.Hosts[0],
                    "ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x4711 mode transport aead 'rfc4106(gcm(aes))' 0x0123456789012345678901234567890123456789 128 2>/dev/null && ip xfrm state flush && echo yes || echo no"
                )
            ).Trim() == "yes"
        )
            Assert.Skip("This kernel has ESP.");

        var outcome = session.Run("$n | New-EncryptedOverlay -Name secret -Verify -WarningAction SilentlyContinue", ("n", nodes));

        Assert.Equal(["OverlayNotSound"], outcome.ErrorIds);
        Assert.Empty(outcome.Objects);
        Assert.Contains("KernelWithoutIpsec", outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_tested_is_refused_and_old_probes_go()
    {
        var nodes = await FormAsync();
        var id = (await lab.ExecAsync(lab.Hosts[0], "docker network inspect internal -f '{{.Id}}'")).Trim();
        await lab.ExecAsync(lab.Hosts[0], $"docker run -d --rm --name left --label swarmops.overlay-probe={id} lab/busybox sleep 600");
        await lab.ExecAsync(lab.Hosts[0], "docker network create -d overlay closed");

        Assert.Equal(["OverlayNotFound"], session.Run("$n | Test-SwarmOverlay -Name nowhere", ("n", nodes)).ErrorIds);
        Assert.Equal(["OverlayNotAttachable"], session.Run("$n | Test-SwarmOverlay -Name closed", ("n", nodes)).ErrorIds);
        Assert.Equal(["TooFewNodesToTest"], session.Run("$n | Test-SwarmOverlay -Name internal", ("n", nodes.Take(1).ToArray())).ErrorIds);
        Assert.Equal(
            ["OverlayProbeFailed", "OverlayProbeFailed", "OverlayProbeFailed"],
            session
                .Run("$n | Test-SwarmOverlay -Name internal -ProbeImage lab/busybox:latest -WarningAction SilentlyContinue", ("n", nodes))
                .ErrorIds
        );
        Assert.Equal("", (await lab.ExecAsync(lab.Hosts[0], "docker ps -aq -f name=left")).Trim());
        await lab.ExecAsync(lab.Hosts[0], "docker network rm closed");
    }

    private async Task<IReadOnlyList<SwarmNode>> FormAsync()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session.Run("$n | New-EncryptedOverlay -Name internal -Unencrypted -WarningAction SilentlyContinue", ("n", nodes)).ThrowOnError();
        return nodes;
    }

    /// <summary>How many probes there are on all hosts.</summary>
    private async Task<int> ProbesAsync()
    {
        var ids = await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "docker ps -aq -f label=swarmops.overlay-probe")));
        return ids.Sum(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private List<SwarmOverlayPath> Test(IReadOnlyList<SwarmNode> nodes) =>
        [
            .. session
                .Run("$n | Test-SwarmOverlay -Name internal -WarningAction SilentlyContinue", ("n", nodes))
                .ThrowOnError()
                .Objects.Cast<SwarmOverlayPath>(),
        ];

    /// <summary>All paths are listed in the set's order: those of one node are not tested, the others work.</summary>
    private static void AssertUntested(Outcome outcome, IReadOnlyList<SwarmNode> set, SwarmNode untested, string reason)
    {
        var paths = outcome.Objects.Cast<SwarmOverlayPath>().ToList();
        Assert.Equal(
            from one in set
            from other in set
            where one != other
            select (one.Name, other.Name),
            paths.Select(path => (path.From, path.To))
        );
        Assert.All(
            paths,
            path =>
            {
                var isOf = path.From == untested.Name || path.To == untested.Name;
                Assert.Equal(isOf ? FindingResult.NotTested : FindingResult.Pass, path.Result);
                Assert.Contains(isOf ? $"'{untested.Name}' {reason}" : "all packets arrive", path.Detail, StringComparison.Ordinal);
            }
        );
    }

    /// <summary>All ways to and from the second host have the cause, the others none.</summary>
    private void AssertCut(IReadOnlyList<SwarmOverlayPath> paths, SwarmOverlayCause cause)
    {
        var name = lab.Hosts[1].Name;
        Assert.All(
            paths,
            path =>
                Assert.True(
                    path.Cause == (path.From == name || path.To == name ? cause : SwarmOverlayCause.None),
                    $"{path}: {path.Cause}, {path.Detail}"
                )
        );
    }
}
