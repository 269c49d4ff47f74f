using SwarmOps.Aws.Provision;

namespace SwarmOps.Tests.Unit;

/// <summary>Nodes of a region that are made at the same time tell their progress at the same time.</summary>
public sealed class RegionProgressTests
{
    [Fact]
    public async Task Nodes_that_tell_at_the_same_time_are_all_shown()
    {
        var shown = new FakeContext();
        var progress = new RegionProgress(shown, ["eu-central-1"]);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
        {
            for (var number = 0; number < 400; number++)
                progress.Tell("eu-central-1", $"shop-eu-central-1-{(number * 8) + writer}", "pending");
        }, TestContext.Current.CancellationToken)));
    }
}
