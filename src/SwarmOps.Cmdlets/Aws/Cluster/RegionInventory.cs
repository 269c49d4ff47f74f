using Amazon.EC2.Model;

namespace SwarmOps.Aws.Cluster;

/// <summary>The resources with a cluster's tag in one region, without terminated instances, which EC2 lists for an hour.</summary>
/// <param name="Region">The region.</param>
/// <param name="Instances">Its instances, including those that are shutting down.</param>
/// <param name="Groups">Its security groups.</param>
internal sealed record RegionInventory(string Region, IReadOnlyList<Instance> Instances, IReadOnlyList<SecurityGroup> Groups);
