using System.Text.RegularExpressions;

namespace SwarmOps.Aws;

/// <summary>The names that a cluster's resources have in every region. All derive from the cluster's own: nothing has to be kept anywhere.</summary>
internal static partial class ClusterNames
{
    /// <summary>Longest name of a cluster: with region and number it still is a host name (63 characters).</summary>
    public const int MaxLength = 32;

    /// <summary>Refuses what cannot be the name of a cluster.</summary>
    /// <exception cref="SwarmOpsException"><c>ClusterNameInvalid</c>.</exception>
    public static string Check(string cluster) => cluster.Length <= MaxLength && Valid().IsMatch(cluster) ? cluster : throw AwsErrors.ClusterNameInvalid(cluster);

    /// <summary>The security group's name; one in each VPC with nodes.</summary>
    public static string SecurityGroup(string cluster) => $"swarmops-{cluster}";

    /// <summary>The key pair's name; one in each region with nodes, all of the same key.</summary>
    public static string KeyPair(string cluster) => $"swarmops-{cluster}";

    /// <summary>A node's name.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="region">The region.</param>
    /// <param name="number">Its number in the region, from 1.</param>
    public static string Node(string cluster, string region, int number) => $"{cluster}-{region}-{number}";

    /// <summary>The cluster in a node's name; null where the name was not made by <see cref="Node"/>.</summary>
    public static string? OfNode(string name, string region) =>
        name.LastIndexOf($"-{region}-", StringComparison.Ordinal) is var end and > 0 && name[(end + region.Length + 2)..].All(char.IsAsciiDigit) ? name[..end] : null;

    /// <summary>The region in the name of one of a cluster's nodes; null where the name was not made by <see cref="Node"/>.</summary>
    public static string? RegionOfNode(string cluster, string name)
    {
        var end = name.LastIndexOf('-');
        return end > cluster.Length + 1 && name.StartsWith($"{cluster}-", StringComparison.Ordinal) && end + 1 < name.Length && name[(end + 1)..].All(char.IsAsciiDigit)
            && name[(cluster.Length + 1)..end] is var region && RegionNames.IsValid(region)
            ? region
            : null;
    }

    /// <summary>Where the cluster's private key is when no other file is named.</summary>
    public static string KeyFile(string cluster) => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", $"swarmops-{cluster}");

    [GeneratedRegex("^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    private static partial Regex Valid();
}
