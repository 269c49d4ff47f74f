using System.Text.RegularExpressions;
using Amazon;

namespace SwarmOps.Aws.Session;

/// <summary>Names of AWS regions.</summary>
internal static partial class RegionNames
{
    /// <summary>The regions that this version of the SDK knows, by name.</summary>
    public static IReadOnlyList<RegionEndpoint> Known =>
        [.. RegionEndpoint.EnumerableAllRegions.OrderBy(region => region.SystemName, StringComparer.Ordinal)];

    /// <summary>Checks the name of a region. A region that is newer than the SDK is accepted.</summary>
    /// <exception cref="SwarmOpsException"><c>RegionNameInvalid</c>.</exception>
    public static string Check(string name) => IsValid(name) ? name : throw AwsErrors.RegionNameInvalid(name);

    /// <summary>Whether it is a valid name of a region.</summary>
    public static bool IsValid(string name) => SystemName().IsMatch(name);

    [GeneratedRegex("^[a-z]{2,3}(-[a-z]+)+-[0-9]{1,2}$")]
    private static partial Regex SystemName();
}
