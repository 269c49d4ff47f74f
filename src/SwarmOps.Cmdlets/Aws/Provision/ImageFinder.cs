using Amazon.EC2.Model;
using Amazon.SimpleSystemsManagement.Model;
using SwarmOps.Aws.Api;

namespace SwarmOps.Aws.Provision;

/// <summary>Finds the AMI for a region's new nodes: the specified one, else Canonical's newest Ubuntu LTS from SSM's public parameters, else from DescribeImages.</summary>
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
        var found = await FromParametersAsync(architecture).ConfigureAwait(false) is { } id
            ? await DescribeAsync(id).ConfigureAwait(false)
            : null;
        return found
            ?? await FromNamesAsync(architecture).ConfigureAwait(false)
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

    /// <summary>One call for all releases. Without permission for SSM or access to it, EC2 is used.</summary>
    private async Task<string?> FromParametersAsync(string architecture)
    {
        var names = UbuntuImages.Parameters(architecture, DateTimeOffset.UtcNow);
        try
        {
            var answer = await region
                .AskSsmAsync(
                    ssm => ssm.GetParametersAsync(new GetParametersRequest { Names = [.. names] }, cancellationToken),
                    cancellationToken
                )
                .ConfigureAwait(false);
            return names
                .Select(name => answer.Parameters?.FirstOrDefault(parameter => parameter.Name == name)?.Value)
                .FirstOrDefault(value => !string.IsNullOrEmpty(value));
        }
        catch (SwarmOpsException)
        {
            return null;
        }
    }

    private async Task<Image?> FromNamesAsync(string architecture)
    {
        var asked = new DescribeImagesRequest
        {
            Owners = [UbuntuImages.Owner(region.Name)],
            Filters =
            [
                new Filter("name", UbuntuImages.NamePatterns(architecture, DateTimeOffset.UtcNow)),
                new Filter("architecture", [architecture]),
                new Filter("state", ["available"]),
            ],
        };
        var answer = await region
            .AskAsync(ec2 => ec2.DescribeImagesAsync(asked, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return UbuntuImages.Newest(answer.Images ?? []);
    }
}
