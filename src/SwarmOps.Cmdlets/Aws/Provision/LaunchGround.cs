using Amazon.EC2.Model;

namespace SwarmOps.Aws.Provision;

/// <summary>Subnets and AMI for a region's new nodes.</summary>
/// <param name="Subnets">Subnets of one VPC, ordered by Availability Zone.</param>
/// <param name="ImageId">The AMI.</param>
/// <param name="ImageName">Its name.</param>
/// <param name="RootDevice">The device name of its root volume, such as <c>/dev/sda1</c>.</param>
/// <param name="RootSizeGiB">The minimum size of that volume.</param>
internal sealed record LaunchGround(IReadOnlyList<Subnet> Subnets, string ImageId, string ImageName, string RootDevice, int RootSizeGiB)
{
    /// <summary>The VPC of the subnets.</summary>
    public string VpcId => Subnets[0].VpcId;
}
