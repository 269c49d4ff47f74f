using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;

namespace SwarmOps.Tests.Unit;

/// <summary>Remove-SwarmRegionNode against a real EC2 API. What needs real engines is tested on the lab.</summary>
public sealed class AwsRemoveRegionNodeTests(AwsMotoServer moto)
{
    private const string NotFinished = null!;

    [Fact]
    public async Task A_whole_cluster_goes_in_all_regions_and_another_stays()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("rm-all", "eu-central-1", 1, "127.30.0.1");
        await moto.AddNodeAsync("rm-all", "eu-central-1", 2, "127.30.0.2");
        await moto.AddNodeAsync("rm-all", "us-east-1", 1, "127.30.0.3");
        await moto.AddNodeAsync("rm-other", "us-east-1", 1, "127.30.0.4");

        var result = session
            .RunOn(server, "Remove-SwarmRegionNode -Cluster rm-all @aws -TimeoutSeconds 20 -Confirm:$false -Verbose")
            .ThrowOnError();

        Assert.Empty(result.Objects);
        Assert.Empty(await LeftAsync("rm-all", "eu-central-1", "us-east-1"));
        Assert.Equal(
            ["elastic-ip", "instance", "key-pair", "security-group"],
            (await LeftAsync("rm-other", "us-east-1")).Where(type => type != "volume").Order(StringComparer.Ordinal)
        );
        Assert.Contains(result.Verbose, line => line.Contains("ec2:TerminateInstances 1", StringComparison.Ordinal));

        var again = session.RunOn(server, "Remove-SwarmRegionNode -Cluster rm-all @aws -TimeoutSeconds 20 -Confirm:$false").ThrowOnError();
        Assert.Contains("nothing to remove", Assert.Single(again.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIf_changes_nothing()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("rm-whatif", "eu-west-1", 1, "127.31.0.1", NotFinished);
        var before = await LeftAsync("rm-whatif", "eu-west-1");

        session
            .RunOn(
                server,
                "Remove-SwarmRegionNode -Cluster rm-whatif @aws -WhatIf; Get-SwarmRegionNode rm-whatif @aws -WarningAction Ignore | Remove-SwarmRegionNode @aws -WhatIf"
            )
            .ThrowOnError();

        Assert.Equal(before, await LeftAsync("rm-whatif", "eu-west-1"));
    }

    [Fact]
    public async Task A_node_goes_and_the_others_are_closed_to_it()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("rm-one", "eu-west-1", 1, "127.32.0.1");
        await moto.AddNodeAsync("rm-one", "eu-west-1", 2, "127.32.0.2", NotFinished);
        await moto.AddNodeAsync("rm-one", "eu-west-2", 1, "127.32.0.3");
        session.RunOn(server, "Sync-SwarmFirewall rm-one @aws").ThrowOnError();

        session
            .RunOn(
                server,
                "Get-SwarmRegionNode rm-one @aws -Name *west-1-2 -WarningAction Ignore | Remove-SwarmRegionNode @aws -TimeoutSeconds 20 -Confirm:$false"
            )
            .ThrowOnError();

        var left = session.RunOn(server, "Get-SwarmRegionNode rm-one @aws").ThrowOnError().Nodes;
        Assert.Equal(["127.32.0.1", "127.32.0.3"], left.Select(node => node.PublicAddress));
        Assert.DoesNotContain(await SourcesAsync("rm-one", "eu-west-1", "eu-west-2"), source => source == "127.32.0.2/32");
        Assert.Contains("127.32.0.1/32", await SourcesAsync("rm-one", "eu-west-2"));
        using var ec2 = await moto.ClientAsync("eu-west-1");
        Assert.Equal(
            ["127.32.0.1"],
            (
                await ec2.DescribeAddressesAsync(
                    new DescribeAddressesRequest { Filters = [ClusterTags.Of("rm-one")] },
                    TestContext.Current.CancellationToken
                )
            ).Addresses.Select(address => address.PublicIp)
        );
    }

    [Fact]
    public async Task The_last_node_of_a_region_takes_group_and_key_pair_with_it_and_the_other_region_stays()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("rm-last", "eu-west-1", 1, "127.33.0.1", NotFinished);
        await moto.AddNodeAsync("rm-last", "eu-west-2", 1, "127.33.0.2");
        session.RunOn(server, "Sync-SwarmFirewall rm-last @aws").ThrowOnError();

        session
            .RunOn(server, "Remove-SwarmRegionNode -Cluster rm-last -Region eu-west-1 @aws -TimeoutSeconds 20 -Confirm:$false")
            .ThrowOnError();

        Assert.Empty(await LeftAsync("rm-last", "eu-west-1"));
        Assert.DoesNotContain("127.33.0.1/32", await SourcesAsync("rm-last", "eu-west-2"));
        Assert.Contains("instance", await LeftAsync("rm-last", "eu-west-2"));
    }

    [Fact]
    public async Task A_run_that_was_killed_is_finished_by_the_next()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("rm-killed", "eu-west-1", 1, "127.34.0.1");
        await moto.AddNodeAsync("rm-killed", "eu-west-1", 2, "127.34.0.2", NotFinished);
        var nodes = session.RunOn(server, "Get-SwarmRegionNode rm-killed @aws -WarningAction Ignore").ThrowOnError().Nodes;
        using var ec2 = await moto.ClientAsync("eu-west-1");
        await ec2.TerminateInstancesAsync(
            new TerminateInstancesRequest { InstanceIds = [nodes[1].InstanceId] },
            TestContext.Current.CancellationToken
        );

        session.RunOn(server, "$gone | Remove-SwarmRegionNode @aws -TimeoutSeconds 20 -Confirm:$false", ("gone", nodes[1])).ThrowOnError();

        Assert.Equal(
            ["127.34.0.1"],
            (
                await ec2.DescribeAddressesAsync(
                    new DescribeAddressesRequest { Filters = [ClusterTags.Of("rm-killed")] },
                    TestContext.Current.CancellationToken
                )
            ).Addresses.Select(address => address.PublicIp)
        );
        await ec2.TerminateInstancesAsync(
            new TerminateInstancesRequest { InstanceIds = [nodes[0].InstanceId] },
            TestContext.Current.CancellationToken
        );
        session.RunOn(server, "Remove-SwarmRegionNode -Cluster rm-killed @aws -TimeoutSeconds 20 -Confirm:$false").ThrowOnError();
        Assert.Empty(await LeftAsync("rm-killed", "eu-west-1"));
    }

    [Fact]
    public async Task A_node_that_cannot_be_asked_goes_by_force_only()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("rm-silent", "eu-west-1", 1, "127.35.0.1");
        await moto.AddNodeAsync("rm-silent", "eu-west-1", 2, "127.35.0.2");

        var refused = session.RunOn(
            server,
            "Get-SwarmRegionNode rm-silent @aws -Name *-1 | Remove-SwarmRegionNode @aws -ConnectionTimeoutSeconds 5 -Confirm:$false"
        );
        Assert.NotEmpty(refused.Errors);
        Assert.Equal(2, session.RunOn(server, "Get-SwarmRegionNode rm-silent @aws").ThrowOnError().Nodes.Count);

        var forced = session
            .RunOn(
                server,
                "Get-SwarmRegionNode rm-silent @aws -Name *-1 | Remove-SwarmRegionNode @aws -ConnectionTimeoutSeconds 5 -Force -Confirm:$false"
            )
            .ThrowOnError();
        Assert.NotEmpty(forced.Warnings);
        Assert.Equal(
            "rm-silent-eu-west-1-2",
            Assert.Single(session.RunOn(server, "Get-SwarmRegionNode rm-silent @aws").ThrowOnError().Nodes).Name
        );
    }

    [Fact]
    public async Task Termination_protection_is_lifted_by_force_only()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        var kept = await moto.AddNodeAsync("rm-protected", "eu-west-1", 1, "127.36.0.1", NotFinished);
        await moto.AddNodeAsync("rm-protected", "eu-west-1", 2, "127.36.0.2", NotFinished);
        using var ec2 = await moto.ClientAsync("eu-west-1");
        await ec2.ModifyInstanceAttributeAsync(
            new ModifyInstanceAttributeRequest { InstanceId = kept.InstanceId, DisableApiTermination = true },
            TestContext.Current.CancellationToken
        );

        var refused = session.RunOn(server, "Remove-SwarmRegionNode -Cluster rm-protected @aws -TimeoutSeconds 20 -Confirm:$false");
        Assert.Equal(["Ec2TerminationProtected"], refused.ErrorIds);
        Assert.Equal(
            kept.InstanceId,
            Assert
                .Single(session.RunOn(server, "Get-SwarmRegionNode rm-protected @aws -WarningAction Ignore").ThrowOnError().Nodes)
                .InstanceId
        );

        session.RunOn(server, "Remove-SwarmRegionNode -Cluster rm-protected @aws -TimeoutSeconds 20 -Force -Confirm:$false").ThrowOnError();
        Assert.Empty(await LeftAsync("rm-protected", "eu-west-1"));
    }

    [Fact]
    public async Task What_was_not_made_by_us_is_left_alone()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        using var ec2 = await moto.ClientAsync("eu-west-1");
        var foreign = (
            await ec2.RunInstancesAsync(
                new RunInstancesRequest
                {
                    ImageId = "ami-12c6146b",
                    InstanceType = InstanceType.T3Small,
                    MinCount = 1,
                    MaxCount = 1,
                },
                TestContext.Current.CancellationToken
            )
        ).Reservation.Instances[0].InstanceId;
        var nodes = new[]
        {
            new SwarmNode
            {
                Name = "foreign",
                Region = "eu-west-1",
                InstanceId = foreign,
            },
            new SwarmNode { Name = "described", DockerHost = "ssh://root@203.0.113.1" },
        };

        var result = session.RunOn(server, "$nodes | Remove-SwarmRegionNode @aws -TimeoutSeconds 20 -Confirm:$false", ("nodes", nodes));

        Assert.Equal(["NodeNotAnInstance", "InstanceNotOfACluster"], result.ErrorIds);
        var state = (
            await ec2.DescribeInstancesAsync(
                new DescribeInstancesRequest { InstanceIds = [foreign] },
                TestContext.Current.CancellationToken
            )
        )
            .Reservations[0]
            .Instances[0]
            .State
            .Name;
        Assert.Equal(InstanceStateName.Running, state);
    }

    /// <summary>The types of what still carries the cluster's tag, terminated instances not counted, by the SDK alone.</summary>
    private async Task<List<string>> LeftAsync(string cluster, params string[] regions)
    {
        var left = new List<string>();
        foreach (var region in regions)
        {
            using var ec2 = await moto.ClientAsync(region);
            List<Filter> filters = [ClusterTags.Of(cluster)];
            var instances =
                (
                    await ec2.DescribeInstancesAsync(
                        new DescribeInstancesRequest { Filters = filters },
                        TestContext.Current.CancellationToken
                    )
                ).Reservations
                ?? [];
            left.AddRange(
                instances
                    .SelectMany(reservation => reservation.Instances)
                    .Where(instance => instance.State.Name != InstanceStateName.Terminated)
                    .Select(_ => "instance")
            );
            left.AddRange(
                (
                    (
                        await ec2.DescribeSecurityGroupsAsync(
                            new DescribeSecurityGroupsRequest { Filters = filters },
                            TestContext.Current.CancellationToken
                        )
                    ).SecurityGroups
                    ?? []
                ).Select(_ => "security-group")
            );
            left.AddRange(
                (
                    (
                        await ec2.DescribeAddressesAsync(
                            new DescribeAddressesRequest { Filters = filters },
                            TestContext.Current.CancellationToken
                        )
                    ).Addresses
                    ?? []
                ).Select(_ => "elastic-ip")
            );
            left.AddRange(
                (
                    (
                        await ec2.DescribeKeyPairsAsync(
                            new DescribeKeyPairsRequest { Filters = filters },
                            TestContext.Current.CancellationToken
                        )
                    ).KeyPairs
                    ?? []
                ).Select(_ => "key-pair")
            );
            left.AddRange(
                (
                    (
                        await ec2.DescribeVolumesAsync(
                            new DescribeVolumesRequest { Filters = filters },
                            TestContext.Current.CancellationToken
                        )
                    ).Volumes
                    ?? []
                ).Select(_ => "volume")
            );
        }

        return left;
    }

    private async Task<List<string>> SourcesAsync(string cluster, params string[] regions)
    {
        var sources = new List<string>();
        foreach (var region in regions)
        {
            using var ec2 = await moto.ClientAsync(region);
            var groups = (
                await ec2.DescribeSecurityGroupsAsync(
                    new DescribeSecurityGroupsRequest { Filters = [ClusterTags.Of(cluster)] },
                    TestContext.Current.CancellationToken
                )
            ).SecurityGroups;
            sources.AddRange(groups.SelectMany(FirewallRules.Of).Select(rule => rule.Source));
        }

        return sources;
    }
}
