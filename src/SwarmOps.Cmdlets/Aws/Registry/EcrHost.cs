using System.Text.RegularExpressions;

namespace SwarmOps.Aws.Registry;

/// <summary>The name of a private registry of Amazon ECR. Source: ECR User Guide, "Private registry", and AWS General Reference, "Amazon ECR endpoints and quotas".</summary>
/// <param name="Account">The account.</param>
/// <param name="Region">The region.</param>
/// <param name="Api">The host of its API.</param>
internal sealed partial record EcrHost(string Account, string Region, string Api)
{
    /// <summary>Reads a registry's name; null for another registry.</summary>
    public static EcrHost? Parse(string registry)
    {
        if (Pattern().Match(registry) is not { Success: true } match)
            return null;
        var (region, suffix) = (match.Groups["region"].Value, match.Groups["suffix"].Value);
        var isFips = match.Groups["fips"].Success;
        return new EcrHost(match.Groups["account"].Value, region, isFips ? $"ecr-fips.{region}.{suffix}" : $"api.ecr.{region}.{suffix}");
    }

    [GeneratedRegex(
        @"^(?<account>\d{12})\.dkr\.ecr(?<fips>-fips)?\.(?<region>[a-z]{2}(?:-[a-z]+)+-\d+)\.(?<suffix>amazonaws\.com(?:\.cn)?)\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();
}
