using Amazon.EC2;
using Amazon.EC2.Model;

namespace SwarmOps.Aws.Cluster;

/// <summary>Interpretation of instance states.</summary>
internal static class InstanceStates
{
    /// <summary>Whether it is being terminated, which cannot be undone.</summary>
    public static bool IsGoing(Instance instance) =>
        instance.State?.Name == InstanceStateName.ShuttingDown || instance.State?.Name == InstanceStateName.Terminated;
}
