namespace SwarmOps.Tests.Lab;

/// <summary>A run that is killed anywhere is finished by the same line.</summary>
public sealed class KillTests(LabFixture lab)
{
    /// <summary>How many points a usual run tries, spread evenly from the first to the last.</summary>
    private const int SampleSize = 3;

    /// <summary>
    /// Which points are tried: a <c>sample</c> of those before a call that may change something, all of these (<c>changes</c>), or those before
    /// every call (<c>all</c>). Between two calls that may change something the engines are the same, so <c>changes</c> proves as much as <c>all</c>.
    /// </summary>
    private static readonly string Extent = Environment.GetEnvironmentVariable("SWARMOPS_KILL") is { Length: > 0 } given ? given : "sample";

    [Fact]
    public async Task Killed_at_remote_calls_in_turn_and_run_again_it_ends_in_one_healthy_swarm()
    {
        var script = WriteScript();
        try
        {
            await lab.ResetAsync();
            var total = await RunAsync(script, killAt: 0) ?? throw new InvalidOperationException("The pipeline does not even run whole.");
            var killed = 0;
            var points = Points(total);
            foreach (var point in points)
            {
                await lab.ResetAsync();
                // How often a wait looks differs from run to run: a shorter one has fewer points.
                if (await RunAsync(script, point) is not null)
                    continue;
                killed++;
                Assert.True(await RunAsync(script, 0) is not null, $"Killed at point {point}, the second run failed.");
                await SwarmFacts.AssertHealthyAsync(lab, managers: 3);
            }

            TestContext.Current.TestOutputHelper?.WriteLine(
                $"killed and run again at {killed} of {points.Count} points ({Extent}, {total} in a run)"
            );
            Assert.True(killed >= points.Count * 8 / 10, $"Only {killed} of {points.Count} runs were killed.");
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static IReadOnlyList<int> Points(int total) =>
        Extent == "sample" && total > SampleSize
            ? [.. Enumerable.Range(0, SampleSize).Select(index => 1 + (index * (total - 1) / (SampleSize - 1)))]
            : [.. Enumerable.Range(1, total)];

    private static Task<int?> RunAsync(string script, int killAt) => KillRun.RunAsync(script, killAt, Extent == "all" ? "all" : "changes");

    private string WriteScript()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(
            path + ".ps1",
            $"{KillRun.Nodes(lab)} | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal -WarningAction SilentlyContinue"
        );
        File.Delete(path);
        return path + ".ps1";
    }
}
