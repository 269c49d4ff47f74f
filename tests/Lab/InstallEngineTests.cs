namespace SwarmOps.Tests.Lab;

/// <summary>Install-SwarmEngine on hosts with and without an engine.</summary>
public sealed class InstallEngineTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Where_an_engine_answers_nothing_is_done()
    {
        await lab.ResetAsync();
        var outcome = session.Run("$n | Install-SwarmEngine -Verbose", ("n", session.Nodes(lab))).ThrowOnError();

        Assert.Equal(lab.Hosts.Select(host => host.Name), outcome.Nodes.Select(node => node.Name));
        Assert.All(outcome.Nodes, node => Assert.False(string.IsNullOrEmpty(node.EngineVersion)));
        Assert.All(lab.Hosts, host => Assert.Contains($"{host.Name}: 2 engine calls, 0 commands", outcome.Verbose));
    }

    [Fact]
    public async Task A_stopped_engine_is_started()
    {
        await lab.ResetAsync();
        await lab.ExecAsync(lab.Hosts[0], "systemctl stop docker.socket docker");
        var node = session.Node(lab.Hosts[0]);

        var planned = session.Run("$n | Install-SwarmEngine -WhatIf", ("n", node)).ThrowOnError();
        Assert.Empty(planned.Objects);
        Assert.DoesNotContain("running", await lab.ExecAsync(lab.Hosts[0], "systemctl is-active docker || true"), StringComparison.Ordinal);

        var started = session.Run("$n | Install-SwarmEngine", ("n", node)).ThrowOnError().Nodes.Single();
        Assert.False(string.IsNullOrEmpty(started.EngineVersion));
    }

    [Fact]
    public async Task A_bare_host_gets_an_engine_and_a_user_who_may_use_it()
    {
        var name = (await lab.OnLabAsync("host", "add", lab.Hosts[0].Region, "--no-engine")).Trim().Split('\n')[^1];
        await lab.RefreshAsync();
        try
        {
            var host = lab.Hosts.Single(candidate => candidate.Name == name);
            var node = (SwarmNode)
                session
                    .Run(
                        "$n | New-SwarmNode -DockerHost $e",
                        ("n", session.Node(host)),
                        ("e", $"ssh://admin@{host.PublicAddress}:{host.SshPort}")
                    )
                    .ThrowOnError()
                    .Objects.Single();
            Assert.Equal(["EngineNotInstalled"], session.Run("$n | Initialize-Swarm", ("n", node)).ErrorIds);
            Assert.Equal(["RootRequired"], session.Run("$n | Install-SwarmEngine", ("n", node)).ErrorIds);

            await lab.ExecAsync(host, "echo 'admin ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/admin");
            Assert.Empty(session.Run("$n | Install-SwarmEngine -WhatIf", ("n", node)).ThrowOnError().Objects);
            Assert.Equal("none", (await lab.ExecAsync(host, "command -v dockerd || echo none")).Trim());
            await RefuseAptAsync(host, node);
            await RefuseSystemAsync(host, node);

            var installed = session.Run("$n | Install-SwarmEngine", ("n", node)).ThrowOnError();
            Assert.False(string.IsNullOrEmpty(installed.Nodes.Single().EngineVersion));
            Assert.Contains("group docker", installed.Warnings.Single(), StringComparison.Ordinal);
            Assert.Contains(
                "docker",
                await lab.ExecAsync(host, "id -nG admin; systemctl is-enabled docker; command -v nft"),
                StringComparison.Ordinal
            );
            Assert.Empty(session.Run("$n | Install-SwarmEngine", ("n", node)).ThrowOnError().Warnings);
        }
        finally
        {
            await lab.OnLabAsync("host", "remove", name);
            await lab.RefreshAsync();
        }
    }

    /// <summary>apt's own words come back, and nothing is left behind.</summary>
    private async Task RefuseAptAsync(LabHost host, SwarmNode node)
    {
        await lab.ExecAsync(
            host,
            "mv /etc/apt/sources.list /etc/apt/sources.list.away; echo 'deb [trusted=yes] file:/nowhere ./' >/etc/apt/sources.list"
        );
        var outcome = session.Run("$n | Install-SwarmEngine", ("n", node));
        await lab.ExecAsync(host, "mv /etc/apt/sources.list.away /etc/apt/sources.list");
        Assert.Equal(["PackageInstallationFailed"], outcome.ErrorIds);
        Assert.Contains("/nowhere", outcome.Errors.Single().Exception.Message, StringComparison.Ordinal);
    }

    private async Task RefuseSystemAsync(LabHost host, SwarmNode node)
    {
        await lab.ExecAsync(
            host,
            "cp /etc/os-release /root/os-release; rm /etc/os-release; printf 'ID=alpine\\nPRETTY_NAME=\"Alpine Linux\"\\n' >/etc/os-release"
        );
        var outcome = session.Run("$n | Install-SwarmEngine", ("n", node));
        await lab.ExecAsync(host, "cp /root/os-release /etc/os-release");
        Assert.Equal(["OperatingSystemNotSupported"], outcome.ErrorIds);
    }
}
