using System.Globalization;
using System.Text.RegularExpressions;
using SwarmOps.Aws.Session;

namespace SwarmOps.Aws.Cluster;

/// <summary>Names of a cluster's resources. All derive from the cluster's name, so nothing has to be stored.</summary>
internal static partial class ClusterNames
{
    /// <summary>Maximum length of a cluster's name, which leaves room for region and number in a host name (63 characters).</summary>
    public const int MaxLength = 32;

    /// <summary>Checks a cluster's name.</summary>
    /// <exception cref="SwarmOpsException"><c>ClusterNameInvalid</c>.</exception>
    public static string Check(string cluster) =>
        cluster.Length <= MaxLength && Valid().IsMatch(cluster) ? cluster : throw AwsErrors.ClusterNameInvalid(cluster);

    /// <summary>The security group's name; one in each VPC with nodes.</summary>
    public static string SecurityGroup(string cluster) => $"swarmops-{cluster}";

    /// <summary>The key pair's name; one in each region with nodes, all with the same key.</summary>
    public static string KeyPair(string cluster) => $"swarmops-{cluster}";

    /// <summary>A node's name.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="region">The region.</param>
    /// <param name="number">Its number in the region, from 1.</param>
    public static string Node(string cluster, string region, int number) => $"{cluster}-{region}-{number}";

    /// <summary>The cluster in a node's name; null if the name is not from <see cref="Node"/>.</summary>
    public static string? OfNode(string name, string region) =>
        name.LastIndexOf($"-{region}-", StringComparison.Ordinal) is var end and > 0
        && name[(end + region.Length + 2)..].All(char.IsAsciiDigit)
            ? name[..end]
            : null;

    /// <summary>The region in a node's name; null if the name is not from <see cref="Node"/>.</summary>
    public static string? RegionOfNode(string cluster, string name)
    {
        var end = name.LastIndexOf('-');
        return
            end > cluster.Length + 1
            && name.StartsWith($"{cluster}-", StringComparison.Ordinal)
            && end + 1 < name.Length
            && name[(end + 1)..].All(char.IsAsciiDigit)
            && name[(cluster.Length + 1)..end] is var region
            && RegionNames.IsValid(region)
            ? region
            : null;
    }

    /// <summary>The number in a node's name that is from <see cref="Node"/>.</summary>
    public static int NumberOfNode(string name) =>
        int.Parse(name.AsSpan(name.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Default path of the cluster's private key.</summary>
    public static string KeyFile(string cluster) =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", $"swarmops-{cluster}");

    [GeneratedRegex("^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    private static partial Regex Valid();
}
