using Amazon.EC2.Model;

namespace SwarmOps.Aws;

/// <summary>What is to go in one region.</summary>
/// <param name="Found">What is there.</param>
/// <param name="Nodes">The nodes that go, with their instances.</param>
/// <param name="Gone">Nodes that were given and whose instances are terminated already.</param>
internal sealed record RegionRemoval(RegionResources Found, IReadOnlyList<RemovedInstance> Nodes, IReadOnlyList<SwarmNode> Gone)
{
    /// <summary>The region's name.</summary>
    public string Region => Found.Region;

    /// <summary>Ids of the instances that go.</summary>
    public IReadOnlyList<string> InstanceIds => [.. Nodes.Select(node => node.Instance.InstanceId)];

    /// <summary>Whether groups, key pairs and what else is left stay even when no instance does.</summary>
    public bool KeepRest { get; init; }

    /// <summary>Whether no instance is left then: groups, key pairs and all addresses go, too.</summary>
    public bool Ends => !KeepRest && Found.Instances.All(instance => InstanceStates.IsGoing(instance) || Nodes.Any(node => node.Instance.InstanceId == instance.InstanceId));

    /// <summary>Whether there is anything to remove but instances and their addresses.</summary>
    public bool HasRest => Ends && (Found.Groups.Count + Found.KeyPairs.Count > 0 || Addresses.Any(address => !InstanceIds.Contains(address.InstanceId ?? "")));

    /// <summary>
    /// The Elastic IPs that go: those of instances that go, those that an earlier, killed run left behind under the name of a node that goes, and all that
    /// nothing uses where the region ends. One that someone associated with something else stays.
    /// </summary>
    public IReadOnlyList<Address> Addresses => [.. Found.Addresses.Where(Goes)];

    /// <summary>Elastic IPs that would go, but for something that is not of the cluster and uses them.</summary>
    public IReadOnlyList<Address> AddressesInUse => [.. Found.Addresses.Where(address => Found.InUse.Contains(address.AllocationId))];

    private bool Goes(Address address)
    {
        if (Found.InUse.Contains(address.AllocationId))
            return false;
        if (Ends)
            return true;
        return address.InstanceId is { Length: > 0 } instance
            ? InstanceIds.Contains(instance) || Gone.Any(node => node.InstanceId == instance)
            : ClusterTags.Read(address.Tags, ClusterTags.Name) is { } name && Nodes.Select(node => node.Node).Concat(Gone).Any(node => node.Name == name);
    }
}
