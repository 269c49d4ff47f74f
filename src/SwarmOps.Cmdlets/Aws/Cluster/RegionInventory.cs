using Amazon.EC2.Model;

namespace SwarmOps.Aws;

/// <summary>What carries a cluster's tag in one region. Terminated instances do not count: EC2 shows them for an hour.</summary>
/// <param name="Region">The region.</param>
/// <param name="Instances">Its instances, those that are shutting down included.</param>
/// <param name="Groups">Its security groups.</param>
internal sealed record RegionInventory(string Region, IReadOnlyList<Instance> Instances, IReadOnlyList<SecurityGroup> Groups);
