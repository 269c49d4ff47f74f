using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Provision;

namespace SwarmOps.Tests.Unit;

public sealed class ProvisionPlanTests
{
    private const string Region = "eu-central-1";

    private static readonly ProvisionRequest Request = new()
    {
        Cluster = "shop",
        Regions = [Region],
        InstanceType = "t3.small",
        CountPerRegion = 2,
        AllowSshFrom = ["198.51.100.7/32"],
    };

    private static readonly LaunchGround Ground = new(
        [Subnet("subnet-a", "eu-central-1a"), Subnet("subnet-b", "eu-central-1b"), Subnet("subnet-c", "eu-central-1c")],
        "ami-1",
        "ubuntu",
        "/dev/sda1",
        8
    );

    [Fact]
    public void An_empty_region_gets_all_and_neighbours_go_to_different_zones()
    {
        var plan = RegionPlan.Create(Request, new RegionState { Region = Region, Ground = Ground });

        Assert.Equal(["shop-eu-central-1-1", "shop-eu-central-1-2"], plan.Nodes.Select(node => node.Name));
        Assert.Equal(["subnet-b", "subnet-c", "subnet-a"], plan.Nodes[1].Subnets.Select(subnet => subnet.SubnetId));
        Assert.Equal((true, "vpc-1"), (plan.ImportKeyPair, Assert.Single(plan.VpcsWithoutGroup)));
        Assert.Equal(
            [
                "eu-central-1: Import the public key of the cluster's SSH key as key pair 'swarmops-shop'",
                "eu-central-1: Create the security group 'swarmops-shop' in vpc-1",
                "shop-eu-central-1-1 (eu-central-1): Allocate an Elastic IP address",
                "shop-eu-central-1-1 (eu-central-1): Launch a t3.small from ami-1 (ubuntu) in subnet-a (eu-central-1a; without capacity there, in eu-central-1b, eu-central-1c), with an encrypted root volume of 20 GiB, IMDSv2 only; install the engine and store its SSH host key in its tags",
                "shop-eu-central-1-1 (eu-central-1): Associate the allocated Elastic IP address with the instance",
            ],
            PlanText.Changes(Request, plan).Take(5).Select(change => $"{change.Target}: {change.Action}")
        );
    }

    [Fact]
    public void What_is_complete_needs_nothing()
    {
        var plan = RegionPlan.Create(Request, Complete(1, 2));

        Assert.All(plan.Nodes, node => Assert.True(node.IsThere));
        Assert.Empty(PlanText.Changes(Request, plan));
    }

    [Theory]
    [InlineData("shop-eu-central-1-2", false)]
    [InlineData("shop-eu-central-1-3", true)]
    public void Only_the_named_node_is_looked_at_and_made_whatever_else_is_missing(string name, bool isNew)
    {
        var plan = RegionPlan.Create(Request with { OnlyNode = name }, Complete(2) with { Ground = Ground });
        var node = Assert.Single(plan.Nodes);
        Assert.Equal((name, isNew), (node.Name, node.Launch));
    }

    [Fact]
    public void More_than_asked_for_is_kept_and_gaps_in_the_numbers_are_filled()
    {
        Assert.Equal(3, RegionPlan.Create(Request with { CountPerRegion = 1 }, Complete(1, 2, 5)).Nodes.Count);
        Assert.Equal(
            ["shop-eu-central-1-2", "shop-eu-central-1-5", "shop-eu-central-1-1", "shop-eu-central-1-3"],
            RegionPlan.Create(Request with { CountPerRegion = 4 }, Complete(2, 5) with { Ground = Ground }).Nodes.Select(node => node.Name)
        );
    }

    [Fact]
    public void An_address_that_an_earlier_run_left_is_taken_and_not_allocated_again()
    {
        var address = new Address
        {
            AllocationId = "eipalloc-1",
            PublicIp = "203.0.113.9",
            Tags = ClusterTags.For("shop", Region, "shop-eu-central-1-1"),
        };
        var node = RegionPlan
            .Create(
                Request with
                {
                    CountPerRegion = 1,
                },
                new RegionState
                {
                    Region = Region,
                    Ground = Ground,
                    Addresses = [address],
                }
            )
            .Nodes.Single();

        Assert.Equal((address, false, true), (node.Address, node.AllocateAddress, node.AssociateAddress));
        var without = RegionPlan
            .Create(Request with { CountPerRegion = 1, ElasticIp = false }, new RegionState { Region = Region, Ground = Ground })
            .Nodes.Single();
        Assert.Equal((false, false), (without.AllocateAddress, without.AssociateAddress));
    }

    [Fact]
    public void What_an_instance_lost_is_repaired()
    {
        var complete = Complete(1);
        var instance = complete.Instances[0];
        instance.State = new InstanceState { Name = InstanceStateName.Stopped };
        instance.SecurityGroups = [new GroupIdentifier { GroupId = "sg-default" }];
        instance.Tags.RemoveAll(tag => tag.Key == ClusterTags.HostKey);

        var plan = RegionPlan.Create(Request with { CountPerRegion = 1, TerminationProtection = true }, complete with { Addresses = [] });

        var node = plan.Nodes.Single();
        Assert.Equal(
            (true, true, true, true, true, true),
            (node.Start, node.AddGroup, node.PinHostKey, node.Protect, node.AllocateAddress, node.AssociateAddress)
        );
        Assert.Equal(6, PlanText.Changes(Request, plan).Count());
    }

    [Fact]
    public void An_Elastic_IP_that_the_user_brought_is_left_alone()
    {
        var complete = Complete(1);
        complete.Instances[0].NetworkInterfaces =
        [
            new InstanceNetworkInterface
            {
                Association = new InstanceNetworkInterfaceAssociation { IpOwnerId = "123456789012", PublicIp = "203.0.113.50" },
            },
        ];

        Assert.True(RegionPlan.Create(Request with { CountPerRegion = 1 }, complete with { Addresses = [] }).Nodes.Single().IsThere);
        complete.Instances[0].NetworkInterfaces[0].Association.IpOwnerId = "amazon";
        Assert.True(
            RegionPlan.Create(Request with { CountPerRegion = 1 }, complete with { Addresses = [] }).Nodes.Single().AllocateAddress
        );
    }

    [Fact]
    public async Task The_firewall_is_opened_once_for_all_that_come_together_and_again_for_late_ones()
    {
        var opened = 0;
        var gate = new FirewallGate(
            4,
            TimeSpan.FromSeconds(30),
            () => Task.FromResult<IReadOnlySet<string>>(new HashSet<string> { $"{++opened}" })
        );
        var first = gate.PassAsync();
        var second = gate.PassAsync();
        gate.Withdraw();
        Assert.False(first.IsCompleted);
        var third = gate.PassAsync();
        Assert.Equal(["1", "1", "1"], (await Task.WhenAll(first, second, third)).Select(set => set.Single()));

        var late = new FirewallGate(
            2,
            TimeSpan.FromMilliseconds(50),
            () => Task.FromResult<IReadOnlySet<string>>(new HashSet<string> { $"{++opened}" })
        );
        Assert.Equal("2", (await late.PassAsync()).Single());
        Assert.Equal("3", (await late.PassAsync()).Single());
        var failing = new FirewallGate(1, TimeSpan.Zero, () => throw new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(failing.PassAsync);
    }

    private static RegionState Complete(params int[] numbers) =>
        new()
        {
            Region = Region,
            KeyPair = new KeyPairInfo(),
            Groups = [new SecurityGroup { GroupId = "sg-1", VpcId = "vpc-1" }],
            Instances =
            [
                .. numbers.Select(number => new Instance
                {
                    InstanceId = $"i-{number}",
                    VpcId = "vpc-1",
                    State = new InstanceState { Name = InstanceStateName.Running },
                    SecurityGroups = [new GroupIdentifier { GroupId = "sg-1" }],
                    Tags =
                    [
                        .. ClusterTags.For("shop", Region, ClusterNames.Node("shop", Region, number)),
                        new Tag(ClusterTags.HostKey, "SHA256:x"),
                    ],
                }),
            ],
            Addresses =
            [
                .. numbers.Select(number => new Address
                {
                    AllocationId = $"eipalloc-{number}",
                    AssociationId = "eipassoc-1",
                    InstanceId = $"i-{number}",
                }),
            ],
        };

    private static Subnet Subnet(string id, string zone) =>
        new()
        {
            SubnetId = id,
            AvailabilityZone = zone,
            VpcId = "vpc-1",
        };
}
