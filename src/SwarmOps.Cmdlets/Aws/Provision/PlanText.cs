using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Provision;

/// <summary>The plan as text, one sentence per change, in order of execution.</summary>
internal static class PlanText
{
    /// <summary>The changes of a region.</summary>
    public static IEnumerable<PlannedChange> Changes(ProvisionRequest request, RegionPlan plan)
    {
        if (plan.ImportKeyPair)
            yield return new PlannedChange(
                plan.Region,
                $"Import the public key of the cluster's SSH key as key pair '{ClusterNames.KeyPair(request.Cluster)}'"
            );
        foreach (var vpc in plan.VpcsWithoutGroup)
            yield return new PlannedChange(
                plan.Region,
                $"Create the security group '{ClusterNames.SecurityGroup(request.Cluster)}' in {vpc}"
            );
        foreach (var node in plan.Nodes)
        {
            foreach (var action in Actions(request, plan, node))
                yield return new PlannedChange($"{node.Name} ({plan.Region})", action, node);
        }
    }

    private static IEnumerable<string> Actions(ProvisionRequest request, RegionPlan plan, NodePlan node)
    {
        if (node.AllocateAddress)
            yield return "Allocate an Elastic IP address";
        if (node.Launch)
            yield return Launch(request, plan.State.Ground!, node);
        if (node.AddGroup)
            yield return $"Add the security group '{ClusterNames.SecurityGroup(request.Cluster)}' to the instance {node.Instance!.InstanceId}";
        if (node.Start)
            yield return $"Start the stopped instance {node.Instance!.InstanceId}";
        if (node.Protect && !node.Launch)
            yield return $"Enable termination protection for the instance {node.Instance!.InstanceId}";
        if (node.PinHostKey)
            yield return $"Read the SSH host key of {node.Instance!.InstanceId} from its console output and store it in the instance's tags";
        foreach (var address in node.Surplus)
            yield return $"Release the Elastic IP address {address.PublicIp} ({address.AllocationId}), which an earlier run allocated and this node does not need";
        if (node.AssociateAddress)
            yield return $"Associate the {(node.Address is null ? "allocated Elastic IP address" : $"Elastic IP address {node.Address.PublicIp}")} with the instance{(node.Launch ? "" : $" {node.Instance!.InstanceId}")}";
    }

    private static string Launch(ProvisionRequest request, LaunchGround ground, NodePlan node)
    {
        var others = node.Subnets.Skip(1).Select(subnet => subnet.AvailabilityZone).Distinct().ToList();
        return $"Launch a {request.InstanceType} from {ground.ImageId} ({ground.ImageName}) in {node.Subnets[0].SubnetId} ({node.Subnets[0].AvailabilityZone}"
            + (others.Count > 0 ? $"; without capacity there, in {string.Join(", ", others)}" : "")
            + $"), with an encrypted root volume of {Math.Max(request.VolumeSizeGiB, ground.RootSizeGiB)} GiB, IMDSv2 only"
            + (request.TerminationProtection ? ", with termination protection" : "")
            + "; install the engine and store its SSH host key in its tags";
    }
}
