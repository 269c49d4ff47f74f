using System.Collections.Concurrent;
using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Provision;

/// <summary>
/// The Elastic IP addresses of nodes, found by the tags that they get on allocation. That call has no client token, so a lost response
/// leaves an allocated address: it is used instead of another one, and surplus addresses are released as soon as the node has its own.
/// </summary>
internal sealed class NodeAddresses(Ec2Region region, string cluster, CancellationToken cancellationToken)
{
    private const int Attempts = 4;

    /// <summary>Nodes for which EC2 may have allocated more than one address in this run.</summary>
    private readonly ConcurrentDictionary<string, bool> unsure = new(StringComparer.Ordinal);

    /// <summary>After these errors EC2 may have allocated an address.</summary>
    private static readonly string[] AnswerLost = ["Ec2Unreachable", "Ec2TimedOut", "Ec2Unavailable", "Ec2CallFailed"];

    /// <summary>An unassociated address that was allocated for a node.</summary>
    public static Address? Waiting(string region, IEnumerable<Address> addresses, string name) =>
        Unused(region, addresses, name).FirstOrDefault();

    /// <summary>Unused addresses that SwarmOps allocated for a node besides the one that it has or gets; none while a new one is allocated.</summary>
    public static IReadOnlyList<Address> Surplus(string region, IEnumerable<Address> addresses, string name, Address? own) =>
        own is null ? [] : [.. Unused(region, addresses, name).Where(address => address.AllocationId != own.AllocationId)];

    /// <summary>Allocates exactly one address for a node, as far as EC2 lists them.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>.</exception>
    public async Task<Address> AllocateAsync(string name)
    {
        var tagged = new TagSpecification { ResourceType = ResourceType.ElasticIp, Tags = ClusterTags.For(cluster, region.Name, name) };
        var allocate = new AllocateAddressRequest { Domain = DomainType.Vpc, TagSpecifications = [tagged] };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await region
                    .AskAsync(ec2 => ec2.AllocateAddressAsync(allocate, cancellationToken), cancellationToken)
                    .ConfigureAwait(false);
                return new Address { AllocationId = answer.AllocationId, PublicIp = answer.PublicIp };
            }
            catch (SwarmOpsException error) when (AnswerLost.Contains(error.ErrorId) && attempt < Attempts)
            {
                unsure[name] = true;
                await Task.Delay(TimeSpan.FromSeconds(attempt), cancellationToken).ConfigureAwait(false);
                if (Waiting(region.Name, await ReadAsync().ConfigureAwait(false), name) is { } made)
                    return made;
            }
        }
    }

    /// <summary>Whether a response was lost in this run, so that EC2 may have allocated an address that is not known.</summary>
    public bool MayHaveSurplus(string name) => unsure.ContainsKey(name);

    /// <summary>Releases surplus addresses of a node that has its own: those listed before, and those left by a lost response of this run.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>.</exception>
    public async Task ReleaseSurplusAsync(string name, Address own)
    {
        foreach (var address in Surplus(region.Name, await ReadAsync().ConfigureAwait(false), name, own))
        {
            try
            {
                // By allocation id only: EC2 rejects this if the address is in use by now.
                await region
                    .AskAsync(
                        ec2 =>
                            ec2.ReleaseAddressAsync(new ReleaseAddressRequest { AllocationId = address.AllocationId }, cancellationToken),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
            }
            catch (SwarmOpsException error) when (error.ErrorId is "Ec2AddressNotFound" or "Ec2AddressInUse") { }
        }
    }

    /// <summary>The cluster's addresses in the region.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>.</exception>
    public async Task<IReadOnlyList<Address>> ReadAsync()
    {
        var request = new DescribeAddressesRequest { Filters = [ClusterTags.Of(cluster)] };
        return (
                await region
                    .AskAsync(ec2 => ec2.DescribeAddressesAsync(request, cancellationToken), cancellationToken)
                    .ConfigureAwait(false)
            ).Addresses
            ?? [];
    }

    private static IEnumerable<Address> Unused(string region, IEnumerable<Address> addresses, string name) =>
        addresses
            .Where(address =>
                ClusterTags.IsOurs(address.Tags, region)
                && string.IsNullOrEmpty(address.AssociationId)
                && string.IsNullOrEmpty(address.InstanceId)
                && ClusterTags.Read(address.Tags, ClusterTags.Name) == name
            )
            .OrderBy(address => address.AllocationId, StringComparer.Ordinal);
}
