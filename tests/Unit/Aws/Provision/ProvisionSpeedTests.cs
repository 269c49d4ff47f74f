using System.Diagnostics;

namespace SwarmOps.Tests.Unit;

/// <summary>Regions are processed in parallel, and none waits for another.</summary>
public sealed class ProvisionSpeedTests(ProvisionMoto moto) : IClassFixture<ProvisionMoto>, IDisposable
{
    /// <summary>About what a call from one continent to another takes.</summary>
    private static readonly TimeSpan Far = TimeSpan.FromMilliseconds(250);

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Ten_regions_take_less_than_twice_as_long_as_one()
    {
        string[] ten =
        [
            "eu-central-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "eu-north-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
            "ap-south-1",
        ];
        var server = await moto.AddressAsync();
        // moto makes a region's network when it is first asked for it.
        await new ProvisionRun(server).RunAsync(ProvisionRun.Request(folder, "warm", ten));

        var one = await MeasureAsync(ProvisionRun.Request(folder, "speed-1", "eu-central-1"));
        var all = await MeasureAsync(ProvisionRun.Request(folder, "speed-10", ten));

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"one region {one.TotalSeconds:0.0} s, ten regions {all.TotalSeconds:0.0} s, {Far.TotalMilliseconds:0} ms a call"
        );
        Assert.InRange(all / one, 0.5, 2.0);

        async Task<TimeSpan> MeasureAsync(SwarmOps.Aws.Provision.ProvisionRequest request)
        {
            var watch = Stopwatch.StartNew();
            var run = await new ProvisionRun(server) { Latency = Far, Boot = _ => TimeSpan.FromSeconds(3) }.RunAsync(request);
            Assert.Empty(run.Errors);
            Assert.Equal(request.Regions.Count, run.Nodes.Count);
            return watch.Elapsed;
        }
    }

    [Fact]
    public async Task A_node_comes_out_as_soon_as_it_is_ready_and_not_with_the_last()
    {
        var server = await moto.AddressAsync();

        var run = await new ProvisionRun(server) { Boot = node => TimeSpan.FromSeconds(node.Region == "eu-central-1" ? 3 : 0) }.RunAsync(
            ProvisionRun.Request(folder, "order", "eu-central-1", "us-east-1")
        );

        Assert.Equal(["order-us-east-1-1", "order-eu-central-1-1"], run.Nodes.Select(node => node.Name));
        var apart = run.Emitted[1] - run.Emitted[0];
        Assert.InRange(apart.TotalSeconds, 2, 30);
    }
}
