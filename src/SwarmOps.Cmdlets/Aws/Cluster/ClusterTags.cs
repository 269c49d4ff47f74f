using Amazon.EC2.Model;

namespace SwarmOps.Aws;

/// <summary>The tags that a cluster's resources have. They are all that is kept: a node set is rebuilt from them alone.</summary>
internal static class ClusterTags
{
    /// <summary>On everything: the cluster's name.</summary>
    public const string Cluster = "swarmops:cluster";

    /// <summary>On everything that SwarmOps made, and on nothing else: the region, as seen by the one who made it. With the cluster's tag it is the mark without which nothing is removed.</summary>
    public const string Region = "swarmops:region";

    /// <summary>On everything: what EC2's console shows; an instance's is the node's name.</summary>
    public const string Name = "Name";

    /// <summary>On an instance: the SSH user.</summary>
    public const string User = "swarmops:user";

    /// <summary>On an instance: the fingerprint of its SSH host key, <c>SHA256:</c> and unpadded base64.</summary>
    public const string HostKey = "swarmops:host-key";

    /// <summary>On a security group: the CIDRs from which SSH is let in, separated by spaces.</summary>
    public const string AllowSshFrom = "swarmops:allow-ssh-from";

    /// <summary>On a security group: the TCP ports that are open to the world, separated by spaces.</summary>
    public const string PublishPort = "swarmops:publish-port";

    /// <summary>Finds all resources of a cluster.</summary>
    public static Filter Of(string cluster) => new($"tag:{Cluster}", [cluster]);

    /// <summary>The tags that every resource has.</summary>
    public static List<Tag> For(string cluster, string region, string name) => [new Tag(Cluster, cluster), new Tag(Region, region), new Tag(Name, name)];

    /// <summary>Whether tags say that SwarmOps made it for a cluster, here: a cluster's tag alone is also on what a user counts among it, and copied tags come from elsewhere.</summary>
    public static bool IsOurs(IEnumerable<Tag>? tags, string region) => Read(tags, Cluster) is not null && Read(tags, Region) == region;

    /// <summary>A tag's value; null when it is missing or empty.</summary>
    public static string? Read(IEnumerable<Tag>? tags, string key) => tags?.FirstOrDefault(tag => tag.Key == key)?.Value is { Length: > 0 } value ? value : null;
}
