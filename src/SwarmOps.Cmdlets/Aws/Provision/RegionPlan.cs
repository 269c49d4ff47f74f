using System.Globalization;
using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Provision;

/// <summary>The planned changes of a region: the difference between the request and the existing resources. Pure functions.</summary>
internal sealed record RegionPlan
{
    /// <summary>The existing resources.</summary>
    public required RegionState State { get; init; }

    /// <summary>The nodes, existing ones first; none is ever removed.</summary>
    public required IReadOnlyList<NodePlan> Nodes { get; init; }

    /// <summary>The region.</summary>
    public string Region => State.Region;

    /// <summary>Whether to import the key pair.</summary>
    public bool ImportKeyPair => State.KeyPair is null && Nodes.Any(node => node.Launch);

    /// <summary>The VPCs in which to create a security group.</summary>
    public IReadOnlyList<string> VpcsWithoutGroup =>
        [
            .. Nodes
                .Select(node => node.VpcId)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Where(vpc => State.Groups.All(group => group.VpcId != vpc)),
        ];

    /// <summary>How many nodes to create in a region.</summary>
    public static int Missing(ProvisionRequest request, RegionState state) =>
        request.OnlyNode is { } only
            ? (state.Instances.Any(instance => NameOf(instance) == only) ? 0 : 1)
            : Math.Max(0, request.CountPerRegion - state.Instances.Count);

    /// <summary>Creates the plan.</summary>
    public static RegionPlan Create(ProvisionRequest request, RegionState state)
    {
        var there = state
            .Instances.Where(instance => request.OnlyNode is null || NameOf(instance) == request.OnlyNode)
            .Select(instance => Keep(request, state, instance));
        if (request.OnlyNode is { } only)
        {
            var made = Missing(request, state) == 0 ? [] : new[] { Make(request, state, ClusterNames.NumberOfNode(only)) };
            return new RegionPlan { State = state, Nodes = [.. there, .. made] };
        }

        var free = FreeNumbers(request.Cluster, state).Take(Missing(request, state)).Select(number => Make(request, state, number));
        return new RegionPlan { State = state, Nodes = [.. there, .. free] };
    }

    /// <summary>A node's name; the instance's id if its name tag was removed.</summary>
    public static string NameOf(Instance instance) => ClusterTags.Read(instance.Tags, ClusterTags.Name) ?? instance.InstanceId;

    private static NodePlan Keep(ProvisionRequest request, RegionState state, Instance instance)
    {
        var name = NameOf(instance);
        var associated = state.Addresses.FirstOrDefault(address => address.InstanceId == instance.InstanceId);
        var waiting =
            associated is null && request.ElasticIp && !HasForeignAddress(instance)
                ? NodeAddresses.Waiting(state.Region, state.Addresses, name)
                : null;
        var lacks = associated is null && request.ElasticIp && !HasForeignAddress(instance);
        return new NodePlan
        {
            Name = name,
            Instance = instance,
            Address = associated ?? waiting,
            AllocateAddress = lacks && waiting is null,
            AssociateAddress = lacks,
            Surplus = NodeAddresses.Surplus(state.Region, state.Addresses, name, associated ?? waiting),
            PinHostKey = ClusterTags.Read(instance.Tags, ClusterTags.HostKey) is null,
            Protect = request.TerminationProtection && !state.Protected.Contains(instance.InstanceId),
            AddGroup =
                instance.VpcId is not null && !InstanceGroups.Of(instance).Any(own => state.Groups.Any(group => group.GroupId == own)),
            Start = instance.State?.Name == InstanceStateName.Stopped || instance.State?.Name == InstanceStateName.Stopping,
        };
    }

    private static NodePlan Make(ProvisionRequest request, RegionState state, int number)
    {
        var name = ClusterNames.Node(request.Cluster, state.Region, number);
        var subnets = state.Ground?.Subnets ?? [];
        var first = subnets.Count == 0 ? 0 : (number - 1) % subnets.Count;
        var waiting = request.ElasticIp ? NodeAddresses.Waiting(state.Region, state.Addresses, name) : null;
        return new NodePlan
        {
            Name = name,
            // Nodes are distributed over Availability Zones; if one has no capacity, the next is tried.
            Subnets = [.. subnets.Skip(first), .. subnets.Take(first)],
            Address = waiting,
            AllocateAddress = request.ElasticIp && waiting is null,
            AssociateAddress = request.ElasticIp,
            Surplus = NodeAddresses.Surplus(state.Region, state.Addresses, name, waiting),
            Protect = request.TerminationProtection,
        };
    }

    /// <summary>Whether it has an Elastic IP address of the user: owned by the account, not by "amazon".</summary>
    private static bool HasForeignAddress(Instance instance) =>
        instance.NetworkInterfaces?.Any(card =>
            card.Association is { IpOwnerId: { Length: > 0 } owner, PublicIp: not null } && owner != "amazon"
        )
            is true;

    private static IEnumerable<int> FreeNumbers(string cluster, RegionState state)
    {
        var prefix = ClusterNames.Node(cluster, state.Region, 0)[..^1];
        var taken = state
            .Instances.Select(NameOf)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name =>
                int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
            )
            .ToHashSet();
        return Enumerable.Range(1, int.MaxValue - 1).Where(number => !taken.Contains(number));
    }
}
