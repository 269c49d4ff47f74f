using System.Diagnostics;
using System.Management.Automation;

namespace SwarmOps.Tests.Lab;

/// <summary>The connections of a pipeline: one a node, for all its stages, and none after it, however it ended.</summary>
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
    public async Task Two_stages_share_one_connection_a_node_and_close_it()
    {
        using var session = new Session();
        var nodes = session.Nodes(lab);
        var before = await CountAsync();
        Assert.Equal(nodes.Count, session.Run(TwoStages, ("nodes", nodes)).ThrowOnError().Nodes.Count);
        await AssertClosedAsync();
        Assert.Equal(nodes.Select(_ => 1), (await CountAsync()).Zip(before, (now, then) => now - then));
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
        await AssertClosedAsync();
        if (shell.InvocationStateInfo.State == PSInvocationState.Stopped)
            Assert.ThrowsAny<RuntimeException>(() => shell.EndInvoke(running));
    }

    private async Task<int[]> CountAsync() => await Task.WhenAll(lab.Hosts.Select(lab.AcceptedAsync));

    private async Task AssertClosedAsync()
    {
        foreach (var host in lab.Hosts)
            Assert.True(await lab.UntilNoSshConnectionAsync(host) < TimeSpan.FromSeconds(2), $"{host.Name} still has a connection");
    }
}
