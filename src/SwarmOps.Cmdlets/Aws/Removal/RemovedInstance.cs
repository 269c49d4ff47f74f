using Amazon.EC2.Model;

namespace SwarmOps.Aws;

/// <summary>An instance that goes, and the way to it as a node.</summary>
internal sealed record RemovedInstance(Instance Instance, SwarmNode Node)
{
    /// <summary>Whether its engine may be in a swarm: before its host key was known nobody could connect to it.</summary>
    public bool MayBeMember => Node is { HostKeyFingerprint: not null, DockerHost: not null } && !InstanceStates.IsGoing(Instance);
}
