namespace SwarmOps.Tests.Lab;

/// <summary>A deployment that is killed anywhere is completed by the same line, and an update that is killed has no half-way names left.</summary>
public sealed class StackKillTests(LabFixture lab) : IDisposable
{
    private const string Compose = """
        services:
          db:
            image: lab/busybox:latest
            command: sleep 900
            stop_grace_period: 1s
          web:
            image: lab/busybox:latest
            command: sleep 900
            stop_grace_period: 1s
            depends_on: [db]
            configs: [conf]
            environment: {VERSION: "1"}
        configs: {conf: {content: one}}
        """;

    /// <summary>A run is killed before each call that may change something, or with SWARMOPS_KILL=all before every call.</summary>
    private static readonly string Extent = Environment.GetEnvironmentVariable("SWARMOPS_KILL") == "all" ? "all" : "changes";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Killed_before_each_call_and_run_again_the_swarm_has_what_the_file_says()
    {
        Nightly.SkipUnlessAsked();
        using var ground = await StackGround.FormAsync(lab, session);
        var path = ground.Write(Compose);
        var script = ground.Write(
            $"{KillRun.Nodes(lab)} | Publish-SwarmStack -Path '{path}' -Name shop -NoResolveImage -StableSeconds 0 -WarningAction SilentlyContinue",
            "publish.ps1"
        );
        var total = await KillRun.RunAsync(script, 0, Extent) ?? throw new InvalidOperationException("The script does not even run whole.");
        var killed = 0;
        for (var point = 1; point <= total; point++)
        {
            ground.Run("Remove-SwarmStack -Name shop -Confirm:$false").ThrowOnError();
            // A new stack, killed; then an update of it, killed; then the same line whole.
            ground.Write(Compose);
            killed += await KillRun.RunAsync(script, point, Extent) is null ? 1 : 0;
            Assert.NotNull(await KillRun.RunAsync(script, 0, Extent));
            ground.Write(
                Compose
                    .Replace("content: one", $"content: two{point}", StringComparison.Ordinal)
                    .Replace("\"1\"", "\"2\"", StringComparison.Ordinal)
            );
            killed += await KillRun.RunAsync(script, point, Extent) is null ? 1 : 0;
            Assert.NotNull(await KillRun.RunAsync(script, 0, Extent));

            var stack = (SwarmStack)ground.Run("Get-SwarmStack -Name shop").ThrowOnError().Objects.Single();
            Assert.Equal((2, 2, 1, 1), (stack.RunningCount, stack.DesiredCount, stack.Configs.Count, stack.Networks.Count));
            Assert.Empty(
                ground.Run("Compare-SwarmStack -Path $f -Name shop -NoResolveImage -WarningAction SilentlyContinue").ThrowOnError().Objects
            );
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{killed} runs were killed, at {total} points.");
        Assert.True(killed >= total, $"Only {killed} runs were killed at {total} points.");
    }
}
