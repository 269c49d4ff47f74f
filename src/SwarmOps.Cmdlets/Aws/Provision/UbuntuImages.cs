using System.Globalization;
using System.Text.RegularExpressions;
using Amazon.EC2.Model;

namespace SwarmOps.Aws.Provision;

/// <summary>Names of Canonical's AMIs. Source: Canonical's "Find Ubuntu images on AWS" (documentation.ubuntu.com/aws): owners and names.</summary>
internal static partial class UbuntuImages
{
    /// <summary>How many past releases are considered.</summary>
    private const int Releases = 3;

    /// <summary>The account that owns the AMIs, by the region's partition.</summary>
    public static string Owner(string region) =>
        region switch
        {
            _ when region.StartsWith("cn-", StringComparison.Ordinal) => "837727238323",
            _ when region.StartsWith("us-gov-", StringComparison.Ordinal) => "513442679011",
            _ => "099720109477",
        };

    /// <summary>The years (two digits) of long-term releases up to now, newest first: April of every even year.</summary>
    public static IReadOnlyList<int> LongTermYears(DateTimeOffset now)
    {
        var newest = (now.Year - now.Year % 2) % 100;
        return [.. Enumerable.Range(0, Releases).Select(back => newest - 2 * back)];
    }

    /// <summary>AMI name patterns for DescribeImages, newest release first.</summary>
    public static List<string> NamePatterns(string architecture, DateTimeOffset now) =>
        [.. LongTermYears(now).Select(year => $"ubuntu/images/hvm-ssd*/ubuntu-*-{year}.04-{CanonicalName(architecture)}-server-*")];

    /// <summary>The newest AMI of the newest release; null if there is none. Minimal, pro and daily images have other names.</summary>
    public static Image? Newest(IEnumerable<Image> images) =>
        images
            .Select(image => (Image: image, Name: Name().Match(image.Name ?? "")))
            .Where(found => found.Name.Success)
            .OrderByDescending(found => int.Parse(found.Name.Groups["year"].Value, CultureInfo.InvariantCulture))
            .ThenByDescending(found => found.Name.Groups["date"].Value, StringComparer.Ordinal)
            .ThenByDescending(found => found.Name.Groups["again"].Value.Length)
            .ThenByDescending(found => found.Name.Groups["again"].Value, StringComparer.Ordinal)
            .Select(found => found.Image)
            .FirstOrDefault();

    private static string CanonicalName(string architecture) => architecture == "arm64" ? "arm64" : "amd64";

    [GeneratedRegex(
        @"^ubuntu/images/hvm-ssd(-gp3)?/ubuntu-[a-z]+-(?<year>[0-9]?[02468])\.04-(amd64|arm64)-server-(?<date>[0-9]{8})(\.(?<again>[0-9]+))?$"
    )]
    private static partial Regex Name();
}
