using SwarmOps.Aws.Provision;

namespace SwarmOps.Tests.Unit;

/// <summary>Nodes of a region that are made at the same time tell their progress at the same time.</summary>
public sealed class RegionProgressTests
{
    private const int Writers = 8,
        Nodes = 200;

    [Fact]
    public async Task Nodes_that_tell_at_the_same_time_are_all_shown()
    {
        var shown = new FakeContext();
        var progress = new RegionProgress(shown, ["eu-central-1"]);

        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(writer =>
                    Task.Run(
                        () =>
                        {
                            for (var number = 0; number < Nodes; number++)
                                progress.Tell("eu-central-1", $"shop-{writer}-{number}", "pending");
                        },
                        TestContext.Current.CancellationToken
                    )
                )
        );
        progress.Tell("eu-central-1", "shop-0-0", "running");

        var told = shown.Progress[1].Split("; ");
        Assert.Equal(Writers * Nodes, told.Distinct().Count());
        Assert.Contains("shop-0-0: running", told);
    }
}
