namespace SwarmOps.Tests.Unit;

/// <summary>Get-SwarmRegionNode against a real EC2 API.</summary>
public sealed class AwsGetRegionNodeTests(AwsMotoServer moto)
{
    [Fact]
    public async Task A_node_set_is_rebuilt_from_tags_alone_over_all_regions()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        var first = await moto.AddNodeAsync("get-all", "eu-central-1", 1, "127.10.0.1");
        await moto.AddNodeAsync("get-all", "us-east-1", 1, "127.10.0.2");
        await moto.AddNodeAsync("get-other", "us-east-1", 1, "127.10.0.3");

        var result = session.RunOn(server, "Get-SwarmRegionNode get-all @aws -Verbose").ThrowOnError();

        Assert.Equal(["get-all-eu-central-1-1", "get-all-us-east-1-1"], result.Nodes.Select(node => node.Name));
        var node = result.Nodes[0];
        Assert.Equal(
            (
                "eu-central-1",
                first.Placement.AvailabilityZone,
                "127.10.0.1",
                first.PrivateIpAddress,
                "127.10.0.1",
                "ssh://ubuntu@127.10.0.1",
                first.InstanceId
            ),
            (node.Region, node.Zone, node.PublicAddress, node.PrivateAddress, node.AdvertiseAddress, node.DockerHost, node.InstanceId)
        );
        Assert.StartsWith("SHA256:", node.HostKeyFingerprint);
        Assert.Empty(result.Warnings);
        Assert.Contains(
            result.Verbose,
            line => line.StartsWith("AWS calls in eu-central-1: 1 (ec2:DescribeInstances 1)", StringComparison.Ordinal)
        );
        Assert.Contains(
            result.Verbose,
            line => line.StartsWith("AWS calls in us-east-1: 2 (ec2:DescribeInstances 1, ec2:DescribeRegions 1)", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Given_regions_wildcards_and_names_choose()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        for (var number = 1; number <= 11; number += 5)
            await moto.AddNodeAsync("get-chosen", "eu-west-1", number, $"127.11.0.{number}");
        await moto.AddNodeAsync("get-chosen2", "eu-west-2", 1, "127.11.0.20");

        var numbers = session.RunOn(server, "(Get-SwarmRegionNode get-chosen @aws -Region eu-west-1, eu-west-2).Name").ThrowOnError();
        Assert.Equal(["get-chosen-eu-west-1-1", "get-chosen-eu-west-1-6", "get-chosen-eu-west-1-11"], numbers.Objects);
        Assert.Equal(
            4,
            session.RunOn(server, "Get-SwarmRegionNode get-chosen* @aws -Region eu-west-1, eu-west-2").ThrowOnError().Nodes.Count
        );
        Assert.Equal(
            "get-chosen-eu-west-1-6",
            session.RunOn(server, "Get-SwarmRegionNode GET-chos?n @aws -Region eu-west-1 -Name *-6").ThrowOnError().Nodes.Single().Name
        );
        Assert.Equal(
            ["RegionNodeNotFound"],
            session.RunOn(server, "Get-SwarmRegionNode get-chosen @aws -Region eu-west-1 -Name nobody").ErrorIds
        );
        Assert.Equal(["ClusterNotFound"], session.RunOn(server, "Get-SwarmRegionNode get-none @aws -Region eu-west-1").ErrorIds);
        Assert.Empty(session.RunOn(server, "Get-SwarmRegionNode get-none* @aws -Region eu-west-1").ThrowOnError().Objects);
    }

    [Fact]
    public async Task An_instance_that_was_not_finished_or_is_stopped_is_named()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("get-half", "eu-west-3", 1, "127.12.0.1", hostKey: null);
        var second = await moto.AddNodeAsync("get-half", "eu-west-3", 2, "127.12.0.2");
        var third = await moto.AddNodeAsync("get-half", "eu-west-3", 3, "127.12.0.3");
        using var ec2 = await moto.ClientAsync("eu-west-3");
        await ec2.StopInstancesAsync(new() { InstanceIds = [second.InstanceId] }, TestContext.Current.CancellationToken);
        await ec2.TerminateInstancesAsync(new() { InstanceIds = [third.InstanceId] }, TestContext.Current.CancellationToken);

        var result = session.RunOn(server, "Get-SwarmRegionNode get-half @aws -Region eu-west-3").ThrowOnError();

        Assert.Equal(["get-half-eu-west-3-1", "get-half-eu-west-3-2"], result.Nodes.Select(node => node.Name));
        Assert.Collection(
            result.Warnings,
            warning => Assert.Contains("no SSH host key", warning, StringComparison.Ordinal),
            warning => Assert.Contains("stopped", warning, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_cannot_be_right_is_said_before_EC2_is_asked()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        var region = Assert.Single(session.RunOn(server, "Get-SwarmRegionNode shop @aws -Region eucentral1").Errors);
        Assert.StartsWith("RegionNameInvalid", region.FullyQualifiedErrorId);
        Assert.Contains("eu-central-1", region.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(["ClusterNameInvalid"], session.RunOn(server, "Get-SwarmRegionNode Shop_1 @aws").ErrorIds);
        Assert.Equal(
            ["AccessKeyIncomplete"],
            session.RunOn(server, "Get-SwarmRegionNode shop -EndpointUrl $server -AccessKey test").ErrorIds
        );
        Assert.Equal(
            ["AwsProfileNotFound"],
            session.RunOn(server, "Get-SwarmRegionNode shop -EndpointUrl $server -ProfileName no-such-profile").ErrorIds
        );
        var nobody = Assert.Single(
            session.Run("Get-SwarmRegionNode shop -EndpointUrl http://127.0.0.1:9 -AccessKey test -SecretKey test -Region eu-west-1").Errors
        );
        Assert.StartsWith("Ec2Unreachable", nobody.FullyQualifiedErrorId);
        Assert.Equal("eu-west-1", nobody.TargetObject);
    }
}
