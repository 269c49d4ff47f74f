using Amazon.EC2.Model;

namespace SwarmOps.Aws.Cluster;

/// <summary>Maps instances to nodes.</summary>
internal static class InstanceMapper
{
    /// <summary>The SSH user of Canonical's AMIs.</summary>
    public const string DefaultUser = "ubuntu";

    /// <summary>An instance as a node, from EC2's description and its tags.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="region">Its region.</param>
    /// <param name="keyFilePath">The private key's file; null if the key is specified in another way.</param>
    /// <param name="credential">The key from a vault; null if there is none.</param>
    public static SwarmNode ToNode(Instance instance, string region, string? keyFilePath, NodeCredential? credential = null)
    {
        var address = instance.PublicIpAddress ?? instance.PrivateIpAddress;
        return new SwarmNode
        {
            Name = ClusterTags.Read(instance.Tags, ClusterTags.Name) ?? instance.InstanceId,
            Region = region,
            Zone = instance.Placement?.AvailabilityZone,
            PublicAddress = instance.PublicIpAddress,
            PrivateAddress = instance.PrivateIpAddress,
            AdvertiseAddress = address,
            DockerHost = address is null ? null : $"ssh://{ClusterTags.Read(instance.Tags, ClusterTags.User) ?? DefaultUser}@{address}",
            KeyFilePath = keyFilePath,
            HostKeyFingerprint = ClusterTags.Read(instance.Tags, ClusterTags.HostKey),
            InstanceId = instance.InstanceId,
            Credential = credential,
        };
    }
}
