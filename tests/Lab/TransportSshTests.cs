using System.Diagnostics;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Lab;

/// <summary>One SSH connection to a node, for its engine and for commands, against the lab's real hosts.</summary>
public sealed class TransportSshTests(LabFixture lab) : IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LabHost Host => lab.Hosts[0];

    public async ValueTask InitializeAsync() => await lab.ResetSshAsync(Host);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_engine_and_commands_share_one_connection()
    {
        var before = await lab.AcceptedAsync(Host);
        await using (var connection = Host.ToNode().Connect())
        {
            var engine = await connection.GetEngineAsync(Token);
            Assert.Equal(Host.Name, (await engine.System.GetSystemInfoAsync(Token)).Name);
            Assert.Equal(
                new CommandResult(3, "out\n", "err\n"),
                await connection.RunAsync(new NodeCommand("echo out; echo err >&2; exit 3"), Token)
            );
            Assert.Equal(1, await lab.SshConnectionsAsync(Host));
        }

        Assert.True(await lab.UntilNoSshConnectionAsync(Host) < TimeSpan.FromSeconds(2));
        Assert.Equal(1, await lab.AcceptedAsync(Host) - before);
    }

    [Fact]
    public async Task Input_reaches_a_command_and_ends()
    {
        await using var connection = Host.ToNode().Connect();
        var text = new string('x', 300_000) + "äöü\n";
        Assert.Equal(new CommandResult(0, text, ""), await connection.RunAsync(new NodeCommand("cat") { Input = text }, Token));
        Assert.Equal(new CommandResult(0, "", ""), await connection.RunAsync(new NodeCommand("cat"), Token));
        // A command that ends before its input was read: its exit code is what counts.
        Assert.Equal(4, (await connection.RunAsync(new NodeCommand("exit 4") { Input = "unread" }, Token)).ExitCode);
    }

    [Fact]
    public async Task A_script_arrives_as_it_was_written()
    {
        await using var connection = Host.ToNode().Connect();
        const string script = "printf '%s|' 'it'\\''s' \"$((1 + 1))\" \"a\\\\b\" '!x' 'ä'\nprintf '%s' \"second line\"";
        Assert.Equal("it's|2|a\\b|!x|ä|second line", (await connection.RunAsync(new NodeCommand(script), Token)).Output);
    }

    [Fact]
    public async Task Many_quick_commands_end_well()
    {
        Nightly.SkipUnlessAsked();
        await using var connection = Host.ToNode().Connect();
        var results = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(number => connection.RunAsync(new NodeCommand($"exit {number}"), Token))
        );
        Assert.Equal(Enumerable.Range(0, 60), results.Select(result => result.ExitCode));
    }

    [Fact]
    public async Task Twenty_five_calls_at_once_need_four_sessions_at_most()
    {
        Nightly.SkipUnlessAsked();
        await using var connection = Host.ToNode().Connect();
        var engine = await connection.GetEngineAsync(Token);
        var names = await Task.WhenAll(Enumerable.Range(0, 25).Select(async _ => (await engine.System.GetSystemInfoAsync(Token)).Name));
        Assert.All(names, name => Assert.Equal(Host.Name, name));
        var dials = int.Parse(await lab.ExecAsync(Host, "pgrep -fc '^swarmops-engine-relay$'; true"));
        Assert.InRange(dials, 1, 4);
        Assert.Equal(1, await lab.SshConnectionsAsync(Host));
    }

    [Fact]
    public async Task Engine_calls_go_on_while_commands_hold_their_sessions()
    {
        await using var connection = Host.ToNode().Connect();
        var commands = Enumerable.Range(0, 12).Select(_ => connection.RunAsync(new NodeCommand("sleep 1"), Token)).ToList();
        var engine = await connection.GetEngineAsync(Token);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => engine.System.GetSystemInfoAsync(Token)));
        Assert.All(await Task.WhenAll(commands), result => Assert.True(result.Succeeded));
    }

    [Fact]
    public async Task Cancelling_returns_at_once_and_kills_the_command()
    {
        // As another user than root: for root's own sessions sshd 9.2 was seen to deliver no signals, and the command runs to its end.
        await using var connection = Host.ToNode("admin").Connect();
        await connection.RunAsync(new NodeCommand("true"), Token);
        using var cancel = new CancellationTokenSource();
        var seconds = 5000 + Environment.ProcessId;
        var running = connection.RunAsync(new NodeCommand($"exec sleep {seconds}"), cancel.Token);
        await Task.Delay(500, Token);
        Assert.False(running.IsCompleted);
        await AssertEndsAtOnceAsync(cancel, running);
        await Task.Delay(1000, Token);
        Assert.Equal("0", (await lab.ExecAsync(Host, $"pgrep -fc '^sleep {seconds}$'; true")).Trim());
        Assert.True((await connection.RunAsync(new NodeCommand("true"), Token)).Succeeded);
    }

    [Fact]
    public async Task Cancelling_returns_at_once_when_the_host_no_longer_answers()
    {
        await using var connection = Host.ToNode().Connect();
        var engine = await connection.GetEngineAsync(Token);
        await StopSshdAsync("STOP");
        try
        {
            using var cancel = new CancellationTokenSource();
            var calls = Enumerable.Range(0, 6).Select(_ => (Task)engine.System.GetSystemInfoAsync(cancel.Token)).ToList();
            calls.Add(connection.RunAsync(new NodeCommand("true"), cancel.Token));
            await Task.Delay(500, Token);
            await AssertEndsAtOnceAsync(cancel, Task.WhenAll(calls));
            var clock = Stopwatch.StartNew();
            await connection.DisposeAsync();
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"closing took {clock.Elapsed}");
        }
        finally
        {
            await StopSshdAsync("CONT");
        }

        Assert.True(await lab.UntilNoSshConnectionAsync(Host) < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_dead_connection_ends_the_calls_on_it_and_the_next_one_opens_another()
    {
        await using var connection = Host.ToNode().Connect();
        var engine = await connection.GetEngineAsync(Token);
        await lab.OnLabAsync("fault", "cut", Host.Region);
        var clock = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            connection.AskAsync(asked => asked.System.GetSystemInfoAsync(Token), Token)
        );
        Assert.Equal("NodeUnreachable", error.ErrorId);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(45), $"it took {clock.Elapsed}");
        await lab.OnLabAsync("fault", "heal");
        Assert.Equal(Host.Name, (await connection.AskAsync(asked => asked.System.GetSystemInfoAsync(Token), Token)).Name);
        Assert.True((await connection.RunAsync(new NodeCommand("true"), Token)).Succeeded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_reboot_the_next_call_opens_the_connection_again(bool hard)
    {
        await using var connection = Host.ToNode().Connect();
        await connection.GetEngineAsync(Token);
        await lab.OnLabAsync(["host", "reboot", Host.Name, "--wait", .. hard ? ["--hard"] : Array.Empty<string>()]);
        Assert.Equal(Host.Name, (await connection.AskAsync(asked => asked.System.GetSystemInfoAsync(Token), Token)).Name);
        Assert.True((await connection.RunAsync(new NodeCommand("true"), Token)).Succeeded);
    }

    [Fact]
    public async Task Two_hundred_connections_leave_nothing_behind()
    {
        Nightly.SkipUnlessAsked();
        var node = Host.ToNode();
        await RoundAsync(node, 20);
        var before = Footprint();
        await RoundAsync(node, 200);
        await lab.UntilNoSshConnectionAsync(Host);
        await Task.Delay(1500, Token);
        var after = Footprint();
        TestContext.Current.SendDiagnosticMessage(
            $"threads {before.Threads} -> {after.Threads}, handles {before.Handles} -> {after.Handles}, MB {before.Megabytes} -> {after.Megabytes}"
        );
        Assert.InRange(after.Threads - before.Threads, -1000, 8);
        Assert.InRange(after.Handles - before.Handles, -1000, 20);
    }

    [Fact]
    public async Task What_is_cancelled_while_it_opens_leaves_no_connection()
    {
        Nightly.SkipUnlessAsked();
        for (var delay = 0; delay < 400; delay += 40)
        {
            await using var connection = Host.ToNode().Connect();
            using var cancel = new CancellationTokenSource(delay);
            try
            {
                await connection.GetEngineAsync(cancel.Token);
            }
            catch (OperationCanceledException)
            {
                // What this is about; a quick machine may be done first.
            }
        }

        Assert.True(await lab.UntilNoSshConnectionAsync(Host) < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_server_that_opens_one_session_only_says_so()
    {
        await using var sshd = await TransportSshd.StartAsync(lab, Host, 2210, "ed25519", "MaxSessions 1");
        await using var connection = (sshd.ToNode() with { HostKeyFingerprint = await sshd.FingerprintAsync("ed25519") }).Connect();
        await connection.GetEngineAsync(Token);
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => connection.RunAsync(new NodeCommand("true"), Token));
        Assert.Equal("SshSessionRefused", error.ErrorId);
    }

    private static async Task AssertEndsAtOnceAsync(CancellationTokenSource cancel, Task running)
    {
        var clock = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"it took {clock.Elapsed}");
    }

    private static async Task RoundAsync(SwarmNode node, int count)
    {
        foreach (var batch in Enumerable.Range(0, count).Chunk(10))
        {
            await Task.WhenAll(
                batch.Select(async _ =>
                {
                    await using var connection = node.Connect();
                    await connection.GetEngineAsync(Token);
                })
            );
        }
    }

    private static (int Threads, int Handles, long Megabytes) Footprint()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return (process.Threads.Count, Directory.GetFiles("/proc/self/fd").Length, process.WorkingSet64 >> 20);
    }

    /// <summary>All of the host's sshd processes, that of the open connection too.</summary>
    private Task<string> StopSshdAsync(string signal) => lab.ExecAsync(Host, $"pkill -{signal} -x sshd; true");
}
