using SwarmOps.Transport;

namespace SwarmOps.Tests.Lab;

/// <summary>Nodes and connections as the tests of the transport take them.</summary>
internal static class TransportNodes
{
    /// <summary>The node of a lab host, its key pinned.</summary>
    public static SwarmNode ToNode(this LabHost host, string? user = null) =>
        new()
        {
            Name = host.Name,
            Region = host.Region,
            DockerHost = $"ssh://{user ?? host.User}@{host.PublicAddress}:{host.SshPort}",
            KeyFilePath = host.KeyFile,
            HostKeyFingerprint = host.HostKeyFingerprint,
        };

    /// <summary>The node behind a further sshd, its key not pinned.</summary>
    public static SwarmNode ToNode(this TransportSshd sshd, string user = "root") =>
        new()
        {
            Name = sshd.Host.Name,
            DockerHost = $"ssh://{user}@{sshd.Host.PublicAddress}:{sshd.Port}",
            KeyFilePath = sshd.Host.KeyFile,
        };

    /// <summary>A connection, not opened yet.</summary>
    public static NodeConnection Connect(this SwarmNode node, double timeoutSeconds = 15) =>
        NodeConnection.Create(node, new ConnectionOptions(node.Credential, TimeSpan.FromSeconds(timeoutSeconds)));

    /// <summary>What goes wrong with a command on the node.</summary>
    public static async Task<SwarmOpsException> CommandErrorAsync(this SwarmNode node, double timeoutSeconds = 15)
    {
        await using var connection = node.Connect(timeoutSeconds);
        return await Assert.ThrowsAsync<SwarmOpsException>(() =>
            connection.RunAsync(new NodeCommand("true"), TestContext.Current.CancellationToken)
        );
    }

    /// <summary>What goes wrong with the node's engine.</summary>
    public static async Task<SwarmOpsException> EngineErrorAsync(this SwarmNode node, double timeoutSeconds = 15)
    {
        await using var connection = node.Connect(timeoutSeconds);
        return await Assert.ThrowsAsync<SwarmOpsException>(() => connection.GetEngineAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Ends all faults, and on the host every SSH connection that an earlier test's fault left behind.</summary>
    public static async Task ResetSshAsync(this LabFixture lab, LabHost host)
    {
        await lab.OnLabAsync("fault", "heal");
        await lab.ExecAsync(
            host,
            "pkill -CONT -x sshd; systemctl stop ssh; pkill -KILL -x sshd; systemctl reset-failed ssh; systemctl start ssh"
        );
    }

    /// <summary>How many SSH connections the host has at this moment.</summary>
    public static async Task<int> SshConnectionsAsync(this LabFixture lab, LabHost host) =>
        int.Parse(await lab.ExecAsync(host, $"ss -Htn state established sport = :{host.SshPort} | wc -l"));

    /// <summary>How many SSH connections the host has taken since it started.</summary>
    public static async Task<int> AcceptedAsync(this LabFixture lab, LabHost host) =>
        int.Parse(await lab.ExecAsync(host, "journalctl -u ssh -o cat | grep -c 'Accepted '; true"));

    /// <summary>Waits until the host has no SSH connection; how long that took.</summary>
    public static async Task<TimeSpan> UntilNoSshConnectionAsync(this LabFixture lab, LabHost host)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (await lab.SshConnectionsAsync(host) > 0 && clock.Elapsed < TimeSpan.FromSeconds(10))
            await Task.Delay(50);
        return clock.Elapsed;
    }
}
