using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Removal;

/// <summary>The planned removal in one region.</summary>
/// <param name="Found">The existing resources.</param>
/// <param name="Nodes">The nodes to remove, with their instances.</param>
/// <param name="Gone">Specified nodes whose instances are already terminated.</param>
internal sealed record RegionRemoval(RegionResources Found, IReadOnlyList<RemovedInstance> Nodes, IReadOnlyList<SwarmNode> Gone)
{
    /// <summary>The region's name.</summary>
    public string Region => Found.Region;

    /// <summary>Ids of the instances to terminate.</summary>
    public IReadOnlyList<string> InstanceIds => [.. Nodes.Select(node => node.Instance.InstanceId)];

    /// <summary>Whether to keep security groups, key pairs and other resources even if no instance is left.</summary>
    public bool KeepRest { get; init; }

    /// <summary>Whether no instance is left afterwards, so that security groups, key pairs and all addresses are removed, too.</summary>
    public bool Ends =>
        !KeepRest
        && Found.Instances.All(instance =>
            InstanceStates.IsGoing(instance) || Nodes.Any(node => node.Instance.InstanceId == instance.InstanceId)
        );

    /// <summary>Whether there is anything to remove besides instances and their addresses.</summary>
    public bool HasRest =>
        Ends
        && (Found.Groups.Count + Found.KeyPairs.Count > 0 || Addresses.Any(address => !InstanceIds.Contains(address.InstanceId ?? "")));

    /// <summary>
    /// The Elastic IP addresses to release: those of removed instances, those that an interrupted run left under the name of a removed node, and all
    /// unused ones if no instance is left. An address that is associated with another resource is kept.
    /// </summary>
    public IReadOnlyList<Address> Addresses => [.. Found.Addresses.Where(Goes)];

    /// <summary>Elastic IP addresses that are kept because a resource outside the cluster uses them.</summary>
    public IReadOnlyList<Address> AddressesInUse => [.. Found.Addresses.Where(address => Found.InUse.Contains(address.AllocationId))];

    private bool Goes(Address address)
    {
        if (Found.InUse.Contains(address.AllocationId))
            return false;
        if (Ends)
            return true;
        return address.InstanceId is { Length: > 0 } instance
            ? InstanceIds.Contains(instance) || Gone.Any(node => node.InstanceId == instance)
            : ClusterTags.Read(address.Tags, ClusterTags.Name) is { } name
                && Nodes.Select(node => node.Node).Concat(Gone).Any(node => node.Name == name);
    }
}
