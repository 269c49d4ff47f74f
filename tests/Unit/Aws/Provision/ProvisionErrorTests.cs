namespace SwarmOps.Tests.Unit;

/// <summary>The errors that EC2 documents for each call in use: what the user is told, and that the same command continues when the cause is gone.</summary>
public sealed class ProvisionErrorTests(ProvisionMoto moto) : IClassFixture<ProvisionMoto>, IDisposable
{
    private static readonly string[] Regions = ["eu-central-1", "us-east-1"];

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("DescribeTags", "UnauthorizedOperation", "AwsAccessDenied", "docs/aws.md")]
    [InlineData("DescribeSubnets", "UnauthorizedOperation", "AwsAccessDenied", "docs/aws.md")]
    [InlineData("DescribeInstanceTypes", "InvalidInstanceType", "Ec2TypeNotOffered", "-InstanceType")]
    [InlineData("DescribeImages", "AuthFailure", "AwsCredentialsRefused", "enabled for the account")]
    [InlineData("ImportKeyPair", "UnauthorizedOperation", "AwsAccessDenied", "docs/aws.md")]
    [InlineData("ImportKeyPair", "InvalidKey.Format", "Ec2KeyRefused", "-KeyFilePath")]
    [InlineData("ImportKeyPair", "KeyPairLimitExceeded", "Ec2KeyPairQuotaReached", "Delete unused key pairs")]
    [InlineData("CreateSecurityGroup", "SecurityGroupLimitExceeded", "Ec2GroupQuotaReached", "Service Quotas")]
    [InlineData("CreateSecurityGroup", "VPCIdNotSpecified", "Ec2NoDefaultVpc", "-SubnetId")]
    [InlineData("CreateSecurityGroup", "InvalidVpcID.NotFound", "Ec2VpcNotFound", "-SubnetId")]
    [InlineData("CreateSecurityGroup", "InvalidGroup.Duplicate", "Ec2GroupExists", "-Cluster")]
    [InlineData("AllocateAddress", "AddressLimitExceeded", "Ec2AddressQuotaReached", "-ElasticIp:$false")]
    [InlineData("AllocateAddress", "InsufficientAddressCapacity", "Ec2NoFreeAddress", "Try again later")]
    [InlineData("RunInstances", "InstanceLimitExceeded", "Ec2InstanceQuotaReached", "Nodes in other regions are usable")]
    [InlineData("RunInstances", "VcpuLimitExceeded", "Ec2InstanceQuotaReached", "Running On-Demand instances")]
    [InlineData("RunInstances", "InsufficientInstanceCapacity", "NoZoneHasCapacity", "-InstanceType")]
    [InlineData("RunInstances", "InsufficientFreeAddressesInSubnet", "NoZoneHasCapacity", "-InstanceType")]
    [InlineData("RunInstances", "Unsupported", "Ec2TypeNotOffered", "-SubnetId")]
    [InlineData("RunInstances", "InvalidKeyPair.NotFound", "Ec2KeyPairNotFound", "run the same command again")]
    [InlineData("RunInstances", "InvalidAMIID.Unavailable", "Ec2ImageNotFound", "-ImageId")]
    [InlineData("RunInstances", "InvalidSubnetID.NotFound", "Ec2SubnetNotFound", "-SubnetId")]
    [InlineData("RunInstances", "InvalidGroup.NotFound", "Ec2GroupNotFound", "run the same command again")]
    [InlineData("RunInstances", "VolumeLimitExceeded", "Ec2VolumeQuotaReached", "EBS")]
    [InlineData("RunInstances", "PendingVerification", "AwsAccountNotReady", "AWS Support")]
    [InlineData("RunInstances", "RequestExpired", "AwsRequestExpired", "clock")]
    [InlineData("RunInstances", "RequestLimitExceeded", "Ec2Throttled", "-ThrottleLimit")]
    [InlineData("DescribeInstances", "InternalError", "Ec2Unavailable", "Health Dashboard")]
    [InlineData("AssociateAddress", "InvalidAllocationID.NotFound", "Ec2AddressNotFound", "run the same command again")]
    [InlineData("AssociateAddress", "Resource.AlreadyAssociated", "Ec2AddressInUse", "Disassociate")]
    [InlineData("AssociateAddress", "IncorrectInstanceState", "Ec2InstanceInWrongState", "Wait")]
    [InlineData("CreateTags", "TagLimitExceeded", "Ec2TagQuotaReached", "Remove your own tags")]
    [InlineData("AuthorizeSecurityGroupIngress", "RulesPerSecurityGroupLimitExceeded", "Ec2RuleQuotaReached", "Service Quotas")]
    public async Task A_refusal_in_one_region_is_told_with_its_remedy_and_the_same_line_goes_on_when_it_is_gone(
        string call,
        string code,
        string id,
        string advice
    )
    {
        var server = await moto.AddressAsync();
        var request = ProvisionRun.Request(folder, $"err-{Guid.NewGuid():N}"[..12], Regions);
        // A client of a region signs with its name; its calls of this kind are refused, and those of the other region are not.

        var run = await new ProvisionRun(server)
        {
            RefuseIn = (region, body) => region == Regions[1] && body.Contains($"Action={call}&", StringComparison.Ordinal) ? code : null,
        }.RunAsync(request);

        var error = run.Errors[0];
        Assert.Equal((id, Regions[1]), (error.ErrorId, error.Target));
        Assert.Contains(advice, error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.True(
            run.Nodes.Any(node => node.Region == Regions[0]),
            string.Join('\n', run.Errors.Select(one => $"{one.Target}: {one.Message} {one.InnerException}"))
        );
        Assert.DoesNotContain(run.Nodes, node => node.Region == Regions[1]);

        var again = await new ProvisionRun(server).RunAsync(request);

        Assert.Equal("", string.Join('\n', again.Errors.Select(one => $"{one.ErrorId} {one.Target}: {one.Message} {one.InnerException}")));
        foreach (var region in Regions)
            await new ProvisionFacts(server).CheckRegionAsync(request.Cluster, region, 1);
    }
}
