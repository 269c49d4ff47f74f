namespace SwarmOps.Tests.Unit;

/// <summary>The same against moto as it comes: without its strict switches, without Canonical's images, and with client tokens that mean nothing.</summary>
public sealed class ProvisionPlainMotoTests(AwsMotoServer moto) : IDisposable
{
    /// <summary>One of moto's own images.</summary>
    private const string Image = "ami-12c6146b";

    private static readonly string[] Regions = ["eu-north-1", "us-west-2"];

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Nodes_come_to_be_are_found_again_and_go()
    {
        var server = await moto.AddressAsync();
        var facts = new ProvisionFacts(server);
        var request = ProvisionRun.Request(folder, "plain", Regions) with { Images = Regions.ToDictionary(region => region, _ => Image) };

        var first = await new ProvisionRun(server).RunAsync(request);
        var second = await new ProvisionRun(server).RunAsync(request with { CountPerRegion = 2 });
        var third = await new ProvisionRun(server).RunAsync(request with { CountPerRegion = 2 });

        Assert.All([first, second, third], run => Assert.Empty(run.Errors));
        Assert.Equal((2, 4, 4, 0), (first.Nodes.Count, second.Nodes.Count, third.Nodes.Count, third.Calls));
        foreach (var region in Regions)
            await facts.CheckRegionAsync("plain", region, 2);
        using (var session = new AwsSession())
        {
            var found = session.RunOn(server, "Get-SwarmRegionNode plain @aws -Region eu-north-1, us-west-2").ThrowOnError().Nodes;
            Assert.Equal(third.Nodes.Select(node => node.InstanceId).Order(), found.Select(node => node.InstanceId).Order());
        }

        await facts.ForgetHostKeysAsync("plain", Regions);
        Assert.Empty((await new ProvisionRun(server).RemoveAsync("plain", Regions)).Errors);
        Assert.Empty(await facts.LeftAsync("plain", Regions));
    }

    [Fact]
    public async Task An_account_without_Canonicals_images_is_told_to_give_one()
    {
        var run = await new ProvisionRun(await moto.AddressAsync()).RunAsync(
            ProvisionRun.Request(folder, "noimage", "eu-north-1") with
            {
                InstanceType = "t4g.small",
            }
        );

        var error = Assert.Single(run.Errors);
        Assert.Equal("UbuntuImageNotFound", error.ErrorId);
        Assert.Contains("-ImageId", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(0, run.Calls);
    }
}
