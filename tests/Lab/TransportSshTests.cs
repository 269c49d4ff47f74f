using System.Diagnostics;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Lab;

/// <summary>One SSH connection to a node, for its engine and for commands, against the lab's real hosts.</summary>
public sealed class TransportSshTests(LabFixture lab)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LabHost Host => lab.Hosts[0];

    [Fact]
    public async Task The_engine_and_commands_are_reached()
    {
        await using var connection = Connect(Host.ToNode());
        var engine = await connection.GetEngineAsync(Token);
        var info = await engine.System.GetSystemInfoAsync(Token);
        Assert.Equal(Host.Name, info.Name);
        var result = await connection.RunAsync(new NodeCommand("echo out; echo err >&2; exit 3"), Token);
        Assert.Equal(new CommandResult(3, "out\n", "err\n"), result);
    }

    [Fact]
    public async Task Input_reaches_a_command_and_ends()
    {
        await using var connection = Connect(Host.ToNode());
        var text = new string('x', 300_000) + "äöü\n";
        Assert.Equal(new CommandResult(0, text, ""), await connection.RunAsync(new NodeCommand("cat") { Input = text }, Token));
        Assert.Equal(new CommandResult(0, "", ""), await connection.RunAsync(new NodeCommand("cat"), Token));
        // A command that ends before its input was read: its exit code is what counts.
        Assert.Equal(4, (await connection.RunAsync(new NodeCommand("exit 4") { Input = "unread" }, Token)).ExitCode);
    }

    private static NodeConnection Connect(SwarmNode node, int timeoutSeconds = 15) => NodeConnection.Create(node, new ConnectionOptions(node.Credential, TimeSpan.FromSeconds(timeoutSeconds)));
}
