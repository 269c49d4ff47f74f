using Amazon.EC2.Model;

namespace SwarmOps.Aws.Cluster;

/// <summary>The tags of a cluster's resources. They are the only stored state: a node set is rebuilt from them.</summary>
internal static class ClusterTags
{
    /// <summary>On everything: the cluster's name.</summary>
    public const string Cluster = "swarmops:cluster";

    /// <summary>On every resource that SwarmOps created: the region. Only resources with this tag and the cluster's tag are removed.</summary>
    public const string Region = "swarmops:region";

    /// <summary>On everything: the name in the EC2 console; for an instance the node's name.</summary>
    public const string Name = "Name";

    /// <summary>On an instance: the SSH user.</summary>
    public const string User = "swarmops:user";

    /// <summary>On an instance: the fingerprint of its SSH host key, <c>SHA256:</c> and unpadded base64.</summary>
    public const string HostKey = "swarmops:host-key";

    /// <summary>On a security group: the CIDRs that are allowed to use SSH, separated by spaces.</summary>
    public const string AllowSshFrom = "swarmops:allow-ssh-from";

    /// <summary>On a security group: the TCP ports that are open to the internet, separated by spaces.</summary>
    public const string PublishPort = "swarmops:publish-port";

    /// <summary>Finds all resources of a cluster.</summary>
    public static Filter Of(string cluster) => new($"tag:{Cluster}", [cluster]);

    /// <summary>The tags of every resource.</summary>
    public static List<Tag> For(string cluster, string region, string name) =>
        [new Tag(Cluster, cluster), new Tag(Region, region), new Tag(Name, name)];

    /// <summary>Whether SwarmOps created the resource for a cluster in this region: users may add the cluster's tag to other resources, and tags may be copied from another region.</summary>
    public static bool IsOurs(IEnumerable<Tag>? tags, string region) => Read(tags, Cluster) is not null && Read(tags, Region) == region;

    /// <summary>A tag's value; null if it is missing or empty.</summary>
    public static string? Read(IEnumerable<Tag>? tags, string key) =>
        tags?.FirstOrDefault(tag => tag.Key == key)?.Value is { Length: > 0 } value ? value : null;
}
