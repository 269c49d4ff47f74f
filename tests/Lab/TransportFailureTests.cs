using System.Diagnostics;

namespace SwarmOps.Tests.Lab;

/// <summary>Each way in which a node cannot be reached has an id of its own, within the time limit, and a next step.</summary>
public sealed class TransportFailureTests(LabFixture lab) : IAsyncLifetime
{
    private LabHost Host => lab.Hosts[0];

    public async ValueTask InitializeAsync() => await lab.ResetSshAsync(Host);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_host_behind_a_firewall_that_drops()
    {
        await lab.OnLabAsync("fault", "cut", Host.Region);
        await AssertEngineErrorAsync(Host.ToNode(), "NodeUnreachable", within: 3, timeout: 2);
        await AssertCommandErrorAsync(Host.ToNode(), "NodeUnreachable", within: 3, timeout: 2);
        await lab.OnLabAsync("fault", "heal");
    }

    [Fact]
    public async Task Many_calls_to_a_dead_host_wait_together()
    {
        await lab.OnLabAsync("fault", "cut", Host.Region);
        await using var connection = Host.ToNode().Connect(2);
        var clock = Stopwatch.StartNew();
        var calls = Enumerable
            .Range(0, 20)
            .Select(_ => Assert.ThrowsAsync<SwarmOpsException>(() => connection.GetEngineAsync(TestContext.Current.CancellationToken)));
        Assert.All(await Task.WhenAll(calls), error => Assert.Equal("NodeUnreachable", error.ErrorId));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(4), $"it took {clock.Elapsed}");
        await lab.OnLabAsync("fault", "heal");
    }

    [Fact]
    public Task A_port_that_refuses() =>
        AssertEngineErrorAsync(Host.ToNode() with { DockerHost = $"ssh://root@{Host.PublicAddress}:2299" }, "NodeUnreachable", within: 6);

    [Fact]
    public Task A_name_that_does_not_exist() =>
        AssertEngineErrorAsync(Host.ToNode() with { DockerHost = "ssh://root@no-such-host.invalid" }, "NodeUnreachable", within: 15);

    [Fact]
    public async Task A_server_that_never_says_a_word()
    {
        await lab.ExecAsync(Host, "pkill -STOP -x sshd");
        try
        {
            await AssertEngineErrorAsync(Host.ToNode(), "NodeUnreachable", within: 3, timeout: 2);
        }
        finally
        {
            await lab.ExecAsync(Host, "pkill -CONT -x sshd");
        }
    }

    [Fact]
    public async Task Another_service_than_SSH()
    {
        await lab.ExecAsync(
            Host,
            "cd /; (while echo 'HTTP/1.0 400 Bad Request'; do :; done | timeout 60 busybox nc -lk -p 2298 || true) >/dev/null 2>&1 & sleep 0.3"
        );
        var error = await (Host.ToNode() with { DockerHost = $"ssh://root@{Host.PublicAddress}:{2298}" }).EngineErrorAsync(5);
        Assert.Contains(error.ErrorId, new[] { "SshHandshakeFailed", "NodeUnreachable" });
    }

    [Fact]
    public Task A_user_whose_key_is_not_known() => AssertEngineErrorAsync(Host.ToNode("nobody"), "SshAuthenticationFailed", within: 5);

    [Fact]
    public async Task A_user_without_rights_on_the_socket()
    {
        var error = await AssertEngineErrorAsync(Host.ToNode("admin"), "EngineAccessDenied", within: 5);
        Assert.Contains("usermod -aG docker", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_may_not_become_root()
    {
        await using var connection = Host.ToNode("admin").Connect();
        var result = await connection.RunAsync(
            new SwarmOps.Transport.NodeCommand("id -u") { AsRoot = true, Input = "unread" },
            TestContext.Current.CancellationToken
        );
        Assert.False(result.Succeeded);
        Assert.Contains("sudo", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_without_docker()
    {
        await lab.ExecAsync(Host, "mv /usr/bin/docker /usr/bin/docker.away");
        try
        {
            for (var round = 0; round < 5; round++)
                await AssertEngineErrorAsync(Host.ToNode(), "EngineNotInstalled", within: 5);
        }
        finally
        {
            await lab.ExecAsync(Host, "mv /usr/bin/docker.away /usr/bin/docker");
        }
    }

    [Fact]
    public async Task A_host_whose_engine_is_stopped()
    {
        await lab.ExecAsync(Host, "systemctl stop docker.socket docker.service");
        try
        {
            await AssertEngineErrorAsync(Host.ToNode(), "EngineNotRunning", within: 5);
        }
        finally
        {
            await lab.ExecAsync(Host, "systemctl start docker.socket docker.service");
        }
    }

    [Fact]
    public async Task An_engine_that_comes_back_is_used_again()
    {
        await using var connection = Host.ToNode().Connect();
        var engine = await connection.GetEngineAsync(TestContext.Current.CancellationToken);
        await lab.ExecAsync(Host, "systemctl restart docker.service");
        Assert.Equal(Host.Name, (await engine.System.GetSystemInfoAsync(TestContext.Current.CancellationToken)).Name);
    }

    private static Task<SwarmOpsException> AssertEngineErrorAsync(SwarmNode node, string errorId, double within, double timeout = 15) =>
        AssertAsync(node, () => node.EngineErrorAsync(timeout), errorId, within);

    private static Task<SwarmOpsException> AssertCommandErrorAsync(SwarmNode node, string errorId, double within, double timeout = 15) =>
        AssertAsync(node, () => node.CommandErrorAsync(timeout), errorId, within);

    private static async Task<SwarmOpsException> AssertAsync(
        SwarmNode node,
        Func<Task<SwarmOpsException>> act,
        string errorId,
        double within
    )
    {
        var clock = Stopwatch.StartNew();
        var error = await act();
        TestContext.Current.SendDiagnosticMessage($"{errorId}: {clock.Elapsed.TotalSeconds:0.00} s, {error.Message}");
        Assert.Equal(errorId, error.ErrorId);
        Assert.NotEmpty(error.RecommendedAction);
        Assert.Equal(node, error.Target);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(within), $"it took {clock.Elapsed}");
        return error;
    }
}
