namespace SwarmOps.Tests.Lab;

/// <summary>Overlay networks proven by packets, and each fault named (issue 4, section 1).</summary>
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
        Assert.All(sound, path => Assert.True(path is { Result: FindingResult.Pass, Cause: SwarmOverlayCause.None, Loss: 0, Udp: true, Tcp: true, Name: true, Mtu: 1450, LargestPacket: 1450 }, $"{path}: {path.Detail}"));

        await lab.OnLabAsync("fault", "drop", region, "4789/udp");
        AssertCut(Test(nodes), SwarmOverlayCause.DataPathPortBlocked);
        await lab.OnLabAsync("fault", "heal");
        Assert.Equal([true], session.Run("$n | Test-SwarmOverlay -Name internal -Quiet", ("n", nodes)).ThrowOnError().Objects);

        await Task.WhenAll(lab.Hosts.Select(async host => Assert.Equal("", (await lab.ExecAsync(host, "docker ps -aq -f label=swarmops.overlay-probe")).Trim())));
    }

    [Fact]
    public async Task A_smaller_path_is_measured_and_the_value_to_set_is_named()
    {
        var nodes = await FormAsync();
        await lab.ExecAsync(lab.Hosts[1], "ip link set eth0 mtu 1420");
        try
        {
            var paths = Test(nodes).Where(path => path.From == nodes[1].Name || path.To == nodes[1].Name).ToList();

            Assert.Contains(paths, path => path.Cause == SwarmOverlayCause.MtuTooLarge && path.LargestPacket == 1370 && path.RecommendedAction!.Contains("-Mtu 1420", StringComparison.Ordinal));
        }
        finally
        {
            await lab.ExecAsync(lab.Hosts[1], "ip link set eth0 mtu 1500");
        }
    }

    [Fact]
    public async Task An_encrypted_network_on_a_kernel_without_ESP_fails_and_is_not_emitted_when_it_must_be_proven()
    {
        var nodes = await FormAsync();
        if ((await lab.ExecAsync(lab.Hosts[0], "ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x4711 mode transport aead 'rfc4106(gcm(aes))' 0x0123456789012345678901234567890123456789 128 2>/dev/null && ip xfrm state flush && echo yes || echo no")).Trim() == "yes")
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
        Assert.Equal(["OverlayProbeFailed", "OverlayProbeFailed", "OverlayProbeFailed"], session.Run("$n | Test-SwarmOverlay -Name internal -ProbeImage lab/busybox:latest -WarningAction SilentlyContinue", ("n", nodes)).ErrorIds);
        Assert.Equal("", (await lab.ExecAsync(lab.Hosts[0], "docker ps -aq -f name=left")).Trim());
        await lab.ExecAsync(lab.Hosts[0], "docker network rm closed");
    }

    private async Task<IReadOnlyList<SwarmNode>> FormAsync()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session.Run("$n | New-EncryptedOverlay -Name internal -Unencrypted -WarningAction SilentlyContinue", ("n", nodes)).ThrowOnError();
        return nodes;
    }

    private List<SwarmOverlayPath> Test(IReadOnlyList<SwarmNode> nodes) =>
        [.. session.Run("$n | Test-SwarmOverlay -Name internal -WarningAction SilentlyContinue", ("n", nodes)).ThrowOnError().Objects.Cast<SwarmOverlayPath>()];

    /// <summary>All ways to and from the second host have the cause, the others none.</summary>
    private void AssertCut(IReadOnlyList<SwarmOverlayPath> paths, SwarmOverlayCause cause)
    {
        var name = lab.Hosts[1].Name;
        Assert.All(paths, path => Assert.True(path.Cause == (path.From == name || path.To == name ? cause : SwarmOverlayCause.None), $"{path}: {path.Cause}, {path.Detail}"));
    }
}
