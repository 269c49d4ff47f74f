using Amazon.EC2;
using Amazon.EC2.Model;

namespace SwarmOps.Aws;

/// <summary>What an instance's state means here.</summary>
internal static class InstanceStates
{
    /// <summary>Whether it is on its way out: nothing can bring it back.</summary>
    public static bool IsGoing(Instance instance) => instance.State?.Name == InstanceStateName.ShuttingDown || instance.State?.Name == InstanceStateName.Terminated;
}
