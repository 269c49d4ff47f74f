using Amazon.EC2.Model;
using SwarmOps.Aws.Api;

namespace SwarmOps.Aws.Provision;

/// <summary>Finds the AMI for a region's new nodes: the specified one, else Canonical's newest of the newest Ubuntu LTS.</summary>
internal sealed class ImageFinder(Ec2Region region, ProvisionRequest request, CancellationToken cancellationToken)
{
    private const string Arm = "arm64";
    private const string Intel = "x86_64";

    /// <summary>Finds the AMI.</summary>
    /// <param name="architectures">The architectures of the instance type; the first for which Canonical has AMIs is used.</param>
    /// <exception cref="SwarmOpsException"><c>Ec2ImageNotFound</c>, <c>ImageArchitectureDiffers</c>, <c>UbuntuImageNotFound</c>; those of <see cref="Ec2Errors"/>.</exception>
    public async Task<Image> FindAsync(IReadOnlyList<string> architectures)
    {
        if (request.Images.GetValueOrDefault(region.Name) is { } given)
            return Check(
                await DescribeAsync(given).ConfigureAwait(false) ?? throw ProvisionErrors.Ec2ImageNotFound(region.Name, given),
                architectures
            );

        var architecture = architectures.FirstOrDefault(name => name is Intel or Arm) ?? Intel;
        var patterns = UbuntuImages.NamePatterns(architecture, DateTimeOffset.UtcNow);
        // The newest release first, because Canonical keeps many AMIs of each; it has none in the months before its release.
        return await FromNamesAsync(architecture, patterns[..1]).ConfigureAwait(false)
            ?? await FromNamesAsync(architecture, patterns[1..]).ConfigureAwait(false)
            ?? throw ProvisionErrors.UbuntuImageNotFound(region.Name, architecture);
    }

    private Image Check(Image image, IReadOnlyList<string> architectures) =>
        image.Architecture?.Value is { } made && architectures.Count > 0 && !architectures.Contains(made)
            ? throw ProvisionErrors.ImageArchitectureDiffers(region.Name, image.ImageId, made, request.InstanceType, architectures)
            : image;

    private async Task<Image?> DescribeAsync(string id)
    {
        var answer = await region
            .AskAsync(ec2 => ec2.DescribeImagesAsync(new DescribeImagesRequest { ImageIds = [id] }, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return answer.Images?.FirstOrDefault();
    }

    private async Task<Image?> FromNamesAsync(string architecture, List<string> names)
    {
        var asked = new DescribeImagesRequest
        {
            Owners = [UbuntuImages.Owner(region.Name)],
            Filters = [new Filter("name", names), new Filter("architecture", [architecture]), new Filter("state", ["available"])],
        };
        var answer = await region
            .AskAsync(ec2 => ec2.DescribeImagesAsync(asked, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return UbuntuImages.Newest(answer.Images ?? []);
    }
}
