using System.Diagnostics;
using System.Management.Automation;

namespace SwarmOps.Tests.Lab;

/// <summary>
/// The connections of a pipeline: one a node, for all its stages. The next line of the session takes them over; the end of the session, of half a minute, of a failure or of Ctrl+C
/// closes them.
/// </summary>
public sealed class TransportPipelineTests(LabFixture lab) : IAsyncLifetime
{
    private const string TwoStages = "$nodes | Initialize-Swarm -Confirm:$false | Join-SwarmAsWorker -Confirm:$false";

    public async ValueTask InitializeAsync()
    {
        await lab.ResetAsync();
        foreach (var host in lab.Hosts)
            await lab.ResetSshAsync(host);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Two_stages_and_the_next_line_share_one_connection_a_node_and_the_session_closes_it()
    {
        using var session = new Session();
        var nodes = session.Nodes(lab);
        var before = await CountAsync();
        var members = session.Run(TwoStages, ("nodes", nodes)).ThrowOnError().Nodes;
        Assert.Equal(nodes.Count, members.Count);
        Assert.Equal(nodes.Count, session.Run("$nodes | Get-SwarmNode", ("nodes", members)).ThrowOnError().Objects.Count);
        Assert.Equal(nodes.Select(_ => 1), await SinceAsync(before));
        session.Dispose();
        await AssertClosedAsync();
    }

    /// <summary>A host that rebooted ends its connections; one that was cut off says nothing.</summary>
    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task What_broke_between_two_lines_is_replaced(string signal)
    {
        using var session = new Session();
        var nodes = session.Nodes(lab);
        session.Run(TwoStages, ("nodes", nodes)).ThrowOnError();
        var before = await CountAsync();
        // What was used a moment ago is not tested: see NodeConnection.
        await Task.Delay(2500, TestContext.Current.CancellationToken);
        const string ofConnections = "ss -Htnp state established sport = :22 | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u";
        await lab.ExecAsync(lab.Hosts[0], $"kill -{signal} $({ofConnections})");
        try
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(nodes.Count, session.Run("$nodes | Get-SwarmNode", ("nodes", nodes)).ThrowOnError().Objects.Count);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(8), $"it took {clock.Elapsed}");
            Assert.Equal([1, 0, 0], await SinceAsync(before));
        }
        finally
        {
            await lab.ExecAsync(lab.Hosts[0], $"kill -CONT $({ofConnections}) 2>/dev/null; true");
        }
    }

    [Fact]
    public async Task A_pipeline_that_fails_closes_its_connections()
    {
        using var session = new Session();
        Assert.NotEmpty(session.Run(TwoStages + " | ForEach-Object { throw 'enough' }", ("nodes", session.Nodes(lab))).Errors);
        await AssertClosedAsync();
    }

    [Fact]
    public async Task A_pipeline_whose_last_stage_wants_no_more_closes_its_connections()
    {
        using var session = new Session();
        var outcome = session
            .Run("foreach ($once in 1) { " + TwoStages + " | ForEach-Object { $_; break } }", ("nodes", session.Nodes(lab)))
            .ThrowOnError();
        Assert.Single(outcome.Nodes);
        await AssertClosedAsync();
    }

    [Theory]
    [InlineData(200)]
    [InlineData(1500)]
    [InlineData(3000)]
    public async Task Ctrl_C_ends_a_pipeline_within_two_seconds_and_closes_its_connections(int after)
    {
        using var session = new Session();
        var nodes = session.Nodes(lab);
        using var shell = session.Create(TwoStages + " | ForEach-Object { $_; [System.Threading.Thread]::Sleep(100) }", ("nodes", nodes));
        var running = shell.BeginInvoke();
        await Task.Delay(after, TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        await Task.Run(shell.Stop, TestContext.Current.CancellationToken);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"it took {clock.Elapsed}");
        var stopped = shell.InvocationStateInfo.State == PSInvocationState.Stopped;
        // One that had ended before leaves them to the next line.
        if (!stopped)
            session.Dispose();
        await AssertClosedAsync();
        if (stopped)
            Assert.ThrowsAny<RuntimeException>(() => shell.EndInvoke(running));
    }

    private async Task<IEnumerable<int>> SinceAsync(int[] before) => (await CountAsync()).Zip(before, (now, then) => now - then);

    private async Task<int[]> CountAsync() => await Task.WhenAll(lab.Hosts.Select(lab.AcceptedAsync));

    private async Task AssertClosedAsync()
    {
        foreach (var host in lab.Hosts)
            Assert.True(await lab.UntilNoSshConnectionAsync(host) < TimeSpan.FromSeconds(2), $"{host.Name} still has a connection");
    }
}
