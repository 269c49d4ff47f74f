using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Removal;

/// <summary>An instance to remove, and its node.</summary>
internal sealed record RemovedInstance(Instance Instance, SwarmNode Node)
{
    /// <summary>Whether its engine may be in a swarm: without a known host key no command could connect to it.</summary>
    public bool MayBeMember => Node is { HostKeyFingerprint: not null, DockerHost: not null } && !InstanceStates.IsGoing(Instance);
}
