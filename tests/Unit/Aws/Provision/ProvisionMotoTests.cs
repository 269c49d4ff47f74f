using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;
using SwarmOps.Aws.Provision;

namespace SwarmOps.Tests.Unit;

/// <summary>New-SwarmRegionNode's operation against a real EC2 API with its strict switches; only the hosts are missing.</summary>
public sealed class ProvisionMotoTests(ProvisionMoto moto) : IClassFixture<ProvisionMoto>, IDisposable
{
    private static readonly string[] TwoRegions = ["eu-central-1", "us-east-1"];

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Nodes_come_to_be_in_all_regions_with_all_that_they_need_and_a_second_run_changes_nothing()
    {
        var request = Request("fresh", TwoRegions) with { CountPerRegion = 2, TerminationProtection = true, PublishPort = [443] };

        var first = await RunAsync(request);

        Assert.Empty(first.Errors);
        Assert.Equal(
            ["fresh-eu-central-1-1", "fresh-eu-central-1-2", "fresh-us-east-1-1", "fresh-us-east-1-2"],
            first.Nodes.Select(node => node.Name).Order(StringComparer.Ordinal)
        );
        Assert.All(
            first.Nodes,
            node =>
                Assert.Equal(
                    (ProvisionRun.HostKey, $"ssh://ubuntu@{node.PublicAddress}", node.PublicAddress, request.KeyFilePath),
                    (node.HostKeyFingerprint, node.DockerHost, node.AdvertiseAddress, node.KeyFilePath)
                )
        );
        foreach (var region in TwoRegions)
            await (await FactsAsync()).CheckRegionAsync("fresh", region, 2, protectedFromTermination: true);
        foreach (var group in await (await FactsAsync()).GroupsAsync("fresh", "eu-central-1"))
        {
            var rules = FirewallRules.Of(group).Select(rule => rule.ToString()).ToList();
            Assert.All(first.Nodes, node => Assert.Contains($"protocol 50 from {node.PublicAddress}/32", rules));
            Assert.Contains("22/tcp from 198.51.100.7/32", rules);
            Assert.Contains("443/tcp from 0.0.0.0/0", rules);
        }

        // moto does not show all of this again: what was asked for is what counts.
        var launches = first.Changes.Where(body => body.Contains("Action=RunInstances", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, launches.Count);
        foreach (
            var part in new[]
            {
                "MetadataOptions.HttpTokens=required",
                "MetadataOptions.HttpPutResponseHopLimit=1",
                "BlockDeviceMapping.1.Ebs.Encrypted=true",
                "DisableApiTermination=true",
                "ClientToken=swarmops-",
            }
        )
            Assert.All(launches, body => Assert.Contains(part, body, StringComparison.Ordinal));
        Assert.Equal(TwoRegions.Append("New-SwarmRegionNode").Order(StringComparer.Ordinal), first.Lines.Order(StringComparer.Ordinal));

        var second = await RunAsync(request);

        Assert.Empty(second.Errors);
        Assert.Empty(second.Asked);
        Assert.Equal(0, second.Calls);
        Assert.Equal(Facts(first.Nodes), Facts(second.Nodes));
    }

    [Fact]
    public async Task A_run_for_one_region_leaves_what_the_others_let_in_and_lets_the_same_in()
    {
        await RunAsync(Request("narrow", ["eu-central-1"]) with { PublishPort = [80, 443] }, TwoRegions);

        var second = await RunAsync(Request("narrow", ["us-east-1"]) with { PublishPort = null }, TwoRegions);
        var third = await RunAsync(
            Request("narrow", ["us-east-1"]) with
            {
                CountPerRegion = 2,
                AllowSshFrom = null,
                PublishPort = null,
            },
            TwoRegions
        );

        Assert.Empty(second.Errors);
        Assert.Empty(third.Errors);
        foreach (var region in TwoRegions)
        {
            var group = (await (await FactsAsync()).GroupsAsync("narrow", region)).Single();
            Assert.Equal([80, 443], FirewallIntent.Of(group)!.PublishPort.Select(port => port.Number).Order());
            Assert.Equal(
                [80, 443],
                FirewallRules.Of(group).Where(rule => rule.Source == "0.0.0.0/0").Select(rule => rule.FromPort!.Value).Order()
            );
            Assert.Contains(FirewallRules.Of(group), rule => rule.FromPort == 22 && rule.Source == "198.51.100.7/32");
        }
    }

    [Fact]
    public async Task More_are_added_only_where_asked_for_and_open_the_others_firewalls()
    {
        var one = await RunAsync(Request("more", TwoRegions));
        var more = await RunAsync(Request("more", ["us-east-1"]) with { CountPerRegion = 2, AllowSshFrom = null }, TwoRegions);

        Assert.Empty(more.Errors);
        Assert.Equal(["more-us-east-1-1", "more-us-east-1-2"], more.Nodes.Select(node => node.Name).Order(StringComparer.Ordinal));
        await (await FactsAsync()).CheckRegionAsync("more", "eu-central-1", 1);
        await (await FactsAsync()).CheckRegionAsync("more", "us-east-1", 2);
        var added = more.Nodes.Single(node => node.Name.EndsWith('2'));
        Assert.Contains(
            FirewallRules.Of((await (await FactsAsync()).GroupsAsync("more", "eu-central-1")).Single()),
            rule => rule.Source == $"{added.PublicAddress}/32" && rule.FromPort == 2377
        );
        Assert.Contains(
            FirewallRules.Of((await (await FactsAsync()).GroupsAsync("more", "us-east-1")).Single()),
            rule => rule.FromPort == 22 && rule.Source == "198.51.100.7/32"
        );
        Assert.Equal(2, one.Nodes.Count);
    }

    [Fact]
    public async Task WhatIf_prints_the_plan_to_the_letter_and_changes_nothing()
    {
        var request = Request("plan", ["eu-central-1"]);

        var run = await RunAsync(request, consent: _ => false);

        Assert.Equal((0, 0, 0), (run.Calls, run.Nodes.Count, run.Errors.Count));
        Assert.False(File.Exists(request.KeyFilePath));
        Assert.Collection(
            run.Asked,
            line => Assert.Equal($"{request.KeyFilePath}: Create the cluster's SSH key (ed25519)", line),
            line => Assert.Equal("eu-central-1: Import the public key of the cluster's SSH key as key pair 'swarmops-plan'", line),
            line => Assert.StartsWith("eu-central-1: Create the security group 'swarmops-plan' in vpc-", line, StringComparison.Ordinal),
            line => Assert.Equal("plan-eu-central-1-1 (eu-central-1): Allocate an Elastic IP address", line),
            line =>
                Assert.Contains(
                    $"Launch a t3.small from {ProvisionMoto.Intel} (ubuntu/images/hvm-ssd-gp3/ubuntu-noble-",
                    line,
                    StringComparison.Ordinal
                ),
            line => Assert.Equal("plan-eu-central-1-1 (eu-central-1): Associate the allocated Elastic IP address with the instance", line),
            line =>
                Assert.StartsWith(
                    "cluster plan: Open its security groups: 2377/tcp, 7946/tcp, 7946/udp, 4789/udp and protocol 50 between the addresses of all its nodes (1 in these regions), 22/tcp from 198.51.100.7/32;",
                    line,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task What_cannot_be_is_said_before_anything_is_changed()
    {
        Assert.Equal(
            "AllowSshFromMissing",
            (
                await Assert.ThrowsAsync<SwarmOpsException>(() => RunAsync(Request("bad", ["eu-central-1"]) with { AllowSshFrom = null }))
            ).ErrorId
        );
        Assert.Equal("Ec2TypeNotOffered", await OnlyErrorAsync(Request("bad", ["eu-central-1"]) with { InstanceType = "t99.huge" }));
        Assert.Equal(
            "Ec2ImageNotFound",
            await OnlyErrorAsync(
                Request("bad", ["eu-central-1"]) with
                {
                    Images = new Dictionary<string, string> { ["eu-central-1"] = "ami-0a000000000000fff" },
                }
            )
        );
        Assert.Equal(
            "ImageArchitectureDiffers",
            await OnlyErrorAsync(
                Request("bad", ["eu-central-1"]) with
                {
                    Images = new Dictionary<string, string> { ["eu-central-1"] = ProvisionMoto.Arm },
                }
            )
        );
        Assert.Equal(
            "Ec2SubnetNotFound",
            await OnlyErrorAsync(
                Request("bad", ["eu-central-1"]) with
                {
                    Subnets = new Dictionary<string, IReadOnlyList<string>> { ["eu-central-1"] = ["subnet-00000000000000000"] },
                }
            )
        );
    }

    [Fact]
    public async Task Arm_types_get_arm_images()
    {
        var run = await RunAsync(Request("arm", ["eu-west-1"]) with { InstanceType = "t4g.small" });

        Assert.Empty(run.Errors);
        Assert.Equal(ProvisionMoto.Arm, (await (await FactsAsync()).InstancesAsync("arm", "eu-west-1")).Single().ImageId);
    }

    [Fact]
    public async Task A_region_without_default_VPC_says_so_and_the_others_nodes_are_usable()
    {
        using (var ec2 = await moto.ClientAsync("sa-east-1"))
        {
            foreach (var subnet in (await ec2.DescribeSubnetsAsync(TestContext.Current.CancellationToken)).Subnets)
                await ec2.DeleteSubnetAsync(new DeleteSubnetRequest { SubnetId = subnet.SubnetId }, TestContext.Current.CancellationToken);
        }

        var run = await RunAsync(Request("novpc", ["sa-east-1", "eu-central-1"]));

        Assert.Equal("RegionHasNoDefaultVpc", run.Errors.Single().ErrorId);
        Assert.Equal("novpc-eu-central-1-1", run.Nodes.Single().Name);
    }

    [Fact]
    public async Task A_zone_without_room_is_passed_over_and_a_region_without_room_says_what_to_do()
    {
        var subnets = new List<string>();
        string? FullOnce(string body)
        {
            if (!body.Contains("Action=RunInstances", StringComparison.Ordinal))
                return null;
            subnets.Add(body);
            return subnets.Count == 1 ? "InsufficientInstanceCapacity" : null;
        }

        var passed = await RunAsync(Request("full", ["eu-central-1"]), refuse: FullOnce);
        Assert.Empty(passed.Errors);
        Assert.Equal((2, 1), (subnets.Count, (await (await FactsAsync()).InstancesAsync("full", "eu-central-1")).Count));
        Assert.EndsWith("b", passed.Nodes.Single().Zone, StringComparison.Ordinal);

        var full = await RunAsync(
            Request("fuller", ["eu-central-1"]),
            refuse: body => body.Contains("Action=RunInstances", StringComparison.Ordinal) ? "InsufficientInstanceCapacity" : null
        );
        Assert.Equal("NoZoneHasCapacity", full.Errors.Single().ErrorId);
        await RunAsync(Request("fuller", ["eu-central-1"]));
        await (await FactsAsync()).CheckRegionAsync("fuller", "eu-central-1", 1);
    }

    [Fact]
    public async Task A_quota_in_one_region_leaves_the_other_regions_nodes_usable()
    {
        var run = await RunAsync(
            Request("quota", TwoRegions),
            refuse: body =>
                body.Contains("Action=RunInstances", StringComparison.Ordinal) && body.Contains("quota-us", StringComparison.Ordinal)
                    ? "VcpuLimitExceeded"
                    : null
        );

        Assert.Equal("Ec2InstanceQuotaReached", run.Errors.Single().ErrorId);
        Assert.Equal("quota-eu-central-1-1", run.Nodes.Single().Name);
    }

    [Fact]
    public async Task A_token_of_a_terminated_instance_is_followed_by_the_next()
    {
        var tokens = 0;
        var run = await RunAsync(
            Request("again", ["eu-central-1"]),
            refuse: body =>
                body.Contains("Action=RunInstances", StringComparison.Ordinal) && ++tokens <= 2 ? "IdempotentInstanceTerminated" : null
        );

        Assert.Empty(run.Errors);
        Assert.Equal(3, tokens);
        await (await FactsAsync()).CheckRegionAsync("again", "eu-central-1", 1);
    }

    [Fact]
    public async Task What_was_lost_is_repaired()
    {
        var request = Request("lost", ["eu-central-1"]);
        await RunAsync(request);
        using var ec2 = await moto.ClientAsync("eu-central-1");
        var token = TestContext.Current.CancellationToken;
        var instance = (await (await FactsAsync()).InstancesAsync("lost", "eu-central-1")).Single();
        var address = (await (await FactsAsync()).AddressesAsync("lost", "eu-central-1")).Single();
        await ec2.DisassociateAddressAsync(new DisassociateAddressRequest { AssociationId = address.AssociationId }, token);
        await ec2.StopInstancesAsync(new StopInstancesRequest { InstanceIds = [instance.InstanceId] }, token);
        await ec2.DeleteTagsAsync(
            new DeleteTagsRequest { Resources = [instance.InstanceId], Tags = [new Tag(ClusterTags.HostKey)] },
            token
        );

        var run = await RunAsync(request);

        Assert.Empty(run.Errors);
        Assert.Equal(address.PublicIp, run.Nodes.Single().PublicAddress);
        Assert.Equal(3, run.Asked.Count(line => line.StartsWith("lost-", StringComparison.Ordinal)));
        await (await FactsAsync()).CheckRegionAsync("lost", "eu-central-1", 1);
    }

    [Fact]
    public async Task Another_key_than_the_clusters_is_refused_and_so_is_a_lost_one()
    {
        var request = Request("key", ["eu-central-1"]);
        await RunAsync(request);
        File.Move(request.KeyFilePath!, request.KeyFilePath + ".away");

        Assert.Equal("ClusterKeyMissing", (await Assert.ThrowsAsync<SwarmOpsException>(() => RunAsync(request))).ErrorId);
        ClusterKey.Generate(request);
        Assert.Equal("ClusterKeyDiffers", (await RunAsync(request)).Errors.Single().ErrorId);
    }

    private ProvisionRequest Request(string cluster, IReadOnlyList<string> regions) => ProvisionRun.Request(folder, cluster, regions);

    private async Task<string> OnlyErrorAsync(ProvisionRequest request)
    {
        var run = await RunAsync(request);
        Assert.Equal((0, 0), (run.Calls, run.Nodes.Count));
        return run.Errors.Single().ErrorId;
    }

    private async Task<ProvisionOutcome> RunAsync(
        ProvisionRequest request,
        IReadOnlyList<string>? allRegions = null,
        Func<string, bool>? consent = null,
        Func<string, string?>? refuse = null
    ) =>
        await new ProvisionRun(await moto.AddressAsync())
        {
            AllRegions = allRegions,
            Consent = consent ?? (_ => true),
            Refuse = refuse,
        }.RunAsync(request);

    private async Task<ProvisionFacts> FactsAsync() => new(await moto.AddressAsync());

    private static IEnumerable<string> Facts(IEnumerable<SwarmNode> nodes) =>
        nodes
            .Select(node => $"{node.Name} {node.InstanceId} {node.PublicAddress} {node.PrivateAddress} {node.Zone}")
            .Order(StringComparer.Ordinal);
}
