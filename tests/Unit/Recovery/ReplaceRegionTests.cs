using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Recovery.Replacing;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>An instance that could not be read is not taken for one that does not exist.</summary>
public sealed class ReplaceRegionTests
{
    private const string Name = "shop-eu-central-1-1",
        Region = "eu-central-1";

    private static readonly SwarmOpsException Throttled = new("AwsThrottled", ErrorKind.Timeout, "EC2 throttled the call.", "Wait.");

    [Fact]
    public void The_nodes_own_region_must_have_been_read()
    {
        Assert.Same(Throttled, Refused(new(Region, null, Throttled), Read("us-east-1")));
        Assert.Equal("ReplacedRegionNotRead", Refused(Read("us-east-1")).ErrorId);
    }

    [Fact]
    public void Other_regions_may_be_silent() =>
        ReplaceOperation.RequireRegion([Read(Region), new("us-east-1", null, Throttled)], Name, Region);

    private static RegionOutcome<RegionInventory> Read(string region) => new(region, new RegionInventory(region, [], []), null);

    private static SwarmOpsException Refused(params RegionOutcome<RegionInventory>[] outcomes) =>
        Assert.Throws<SwarmOpsException>(() => ReplaceOperation.RequireRegion(outcomes, Name, Region));
}
