using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Removal;

/// <summary>Removes a cluster's resources in one region. A resource that no longer exists is not an error, so the next run completes an interrupted one.</summary>
internal sealed class RegionTeardown(Ec2Region region, TimeSpan timeout, CancellationToken cancellationToken)
{
    private const string Protected = "OperationNotPermitted";

    /// <summary>EC2's error codes for some seconds after the last instance with the group was terminated.</summary>
    private static readonly string[] StillInUse = ["DependencyViolation", "InvalidGroup.InUse", "CannotDelete"];

    /// <summary>EC2's error code for an address that is still associated.</summary>
    private const string AddressInUse = "InvalidIPAddress.InUse";

    private static readonly string[] Gone =
    [
        "InvalidInstanceID.NotFound",
        "InvalidAllocationID.NotFound",
        "InvalidAddressID.NotFound",
        "InvalidAssociationID.NotFound",
        "InvalidGroup.NotFound",
        "InvalidKeyPair.NotFound",
    ];

    /// <summary>Pauses while EC2 terminates and deletes, which takes it up to a minute: few calls.</summary>
    public static Pauses PausesFor(TimeSpan timeout, CancellationToken cancellationToken) =>
        new(Deadline.In(timeout), cancellationToken)
        {
            First = TimeSpan.FromSeconds(0.5),
            Longest = TimeSpan.FromSeconds(8),
            Growth = 1.5,
        };

    /// <summary>Terminates instances; with termination protection only if forced.</summary>
    /// <exception cref="SwarmOpsException"><c>Ec2TerminationProtected</c>, after the others were terminated; those of <see cref="Ec2Errors"/>.</exception>
    public async Task TerminateAsync(IReadOnlyList<string> instances, bool force)
    {
        try
        {
            await TerminateAsync(instances).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (Ec2Errors.CodeOf(error) is Protected or "InvalidInstanceID.NotFound")
        {
            // A protected or missing instance fails the whole call.
            SwarmOpsException? refusal = null;
            foreach (var instance in instances)
                refusal = await TerminateOneAsync(instance, force).ConfigureAwait(false) ?? refusal;
            if (refusal is not null)
                throw refusal;
        }
    }

    /// <summary>Waits until instances are terminated.</summary>
    /// <exception cref="SwarmOpsException"><c>InstanceNotTerminated</c>; those of <see cref="Ec2Errors"/>.</exception>
    public async Task WaitUntilTerminatedAsync(IReadOnlyList<string> instances)
    {
        if (instances.Count == 0)
            return;
        // By filter instead of id: an id that EC2 no longer knows would be an error.
        var request = new DescribeInstancesRequest { Filters = [new Filter("instance-id", [.. instances])] };
        var pauses = PausesFor(timeout, cancellationToken);
        IReadOnlyList<string> left;
        do
        {
            var reservations = await region
                .AskAsync(
                    ec2 => ClusterInventory.CollectAsync(ec2.Paginators.DescribeInstances(request).Reservations, cancellationToken),
                    cancellationToken
                )
                .ConfigureAwait(false);
            left =
            [
                .. reservations
                    .SelectMany(reservation => reservation.Instances ?? [])
                    .Where(instance => !ClusterInventory.IsTerminated(instance))
                    .Select(instance => instance.InstanceId),
            ];
            if (left.Count == 0)
                return;
        } while (await pauses.NextAsync().ConfigureAwait(false));
        throw RemovalErrors.InstanceNotTerminated(region.Name, left, timeout);
    }

    /// <summary>
    /// Releases an Elastic IP address. EC2 has disassociated it from a terminated instance; otherwise it is disassociated, by the association that was read, so that one
    /// that somebody else has made since is kept.
    /// </summary>
    public async Task ReleaseAsync(Address address)
    {
        try
        {
            await ReleaseNowAsync(address).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (Ec2Errors.CodeOf(error) == AddressInUse && address.AssociationId is { Length: > 0 })
        {
            await TolerantAsync(ec2 =>
                    ec2.DisassociateAddressAsync(
                        new DisassociateAddressRequest { AssociationId = address.AssociationId },
                        cancellationToken
                    )
                )
                .ConfigureAwait(false);
            await ReleaseNowAsync(address).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes a security group as soon as it is no longer in use.</summary>
    /// <exception cref="SwarmOpsException"><c>Ec2GroupInUse</c>, if it remains in use for too long.</exception>
    public async Task DeleteGroupAsync(string groupId)
    {
        var pauses = PausesFor(timeout, cancellationToken);
        SwarmOpsException refusal;
        do
        {
            try
            {
                await TolerantAsync(ec2 =>
                        ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = groupId }, cancellationToken)
                    )
                    .ConfigureAwait(false);
                return;
            }
            catch (SwarmOpsException error) when (StillInUse.Contains(Ec2Errors.CodeOf(error)))
            {
                refusal = error;
            }
        } while (await pauses.NextAsync().ConfigureAwait(false));
        throw refusal;
    }

    /// <summary>Deletes a key pair by name, which is unique in a region and which test servers support, too.</summary>
    public Task DeleteKeyPairAsync(KeyPairInfo pair) =>
        TolerantAsync(ec2 => ec2.DeleteKeyPairAsync(new DeleteKeyPairRequest { KeyName = pair.KeyName }, cancellationToken));

    private Task ReleaseNowAsync(Address address) =>
        TolerantAsync(ec2 => ec2.ReleaseAddressAsync(new ReleaseAddressRequest { AllocationId = address.AllocationId }, cancellationToken));

    private Task TerminateAsync(IReadOnlyList<string> instances) =>
        instances.Count == 0
            ? Task.CompletedTask
            : region.AskAsync(
                ec2 => ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [.. instances] }, cancellationToken),
                cancellationToken
            );

    private async Task<SwarmOpsException?> TerminateOneAsync(string instance, bool force)
    {
        try
        {
            if (force)
            {
                var lift = new ModifyInstanceAttributeRequest { InstanceId = instance, DisableApiTermination = false };
                await TolerantAsync(ec2 => ec2.ModifyInstanceAttributeAsync(lift, cancellationToken)).ConfigureAwait(false);
            }

            await TolerantAsync(ec2 =>
                    ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [instance] }, cancellationToken)
                )
                .ConfigureAwait(false);
            return null;
        }
        catch (SwarmOpsException error) when (Ec2Errors.CodeOf(error) == Protected)
        {
            return error;
        }
    }

    private async Task TolerantAsync<T>(Func<IAmazonEC2, Task<T>> call)
    {
        try
        {
            await region.AskAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (Gone.Contains(Ec2Errors.CodeOf(error))) { }
    }
}
