namespace SwarmOps.Aws.Provision;

/// <summary>The plan in words, one sentence a change, in the order in which it is done.</summary>
internal static class PlanText
{
    /// <summary>The changes of a region.</summary>
    public static IEnumerable<PlannedChange> Changes(ProvisionRequest request, RegionPlan plan)
    {
        if (plan.ImportKeyPair)
            yield return new PlannedChange(plan.Region, $"Import the public half of the cluster's SSH key as key pair '{ClusterNames.KeyPair(request.Cluster)}'");
        foreach (var vpc in plan.VpcsWithoutGroup)
            yield return new PlannedChange(plan.Region, $"Make the security group '{ClusterNames.SecurityGroup(request.Cluster)}' in {vpc}");
        foreach (var node in plan.Nodes)
        {
            foreach (var action in Actions(request, plan, node))
                yield return new PlannedChange($"{node.Name} ({plan.Region})", action, node);
        }
    }

    private static IEnumerable<string> Actions(ProvisionRequest request, RegionPlan plan, NodePlan node)
    {
        if (node.AllocateAddress)
            yield return "Allocate an Elastic IP";
        if (node.Launch)
            yield return Launch(request, plan.State.Ground!, node);
        if (node.AddGroup)
            yield return $"Give the instance {node.Instance!.InstanceId} the security group '{ClusterNames.SecurityGroup(request.Cluster)}'";
        if (node.Start)
            yield return $"Start the stopped instance {node.Instance!.InstanceId}";
        if (node.Protect && !node.Launch)
            yield return $"Protect the instance {node.Instance!.InstanceId} against termination";
        if (node.PinHostKey)
            yield return $"Read the SSH host key of {node.Instance!.InstanceId} from its console output and keep it in the instance's tags";
        foreach (var address in node.Surplus)
            yield return $"Release the Elastic IP {address.PublicIp} ({address.AllocationId}): an earlier run allocated it for this node, which has another";
        if (node.AssociateAddress)
            yield return $"Associate the Elastic IP {node.Address?.PublicIp ?? "that was allocated"} with the instance{(node.Launch ? "" : $" {node.Instance!.InstanceId}")}";
    }

    private static string Launch(ProvisionRequest request, LaunchGround ground, NodePlan node)
    {
        var others = node.Subnets.Skip(1).Select(subnet => subnet.AvailabilityZone).Distinct().ToList();
        return $"Run a {request.InstanceType} of {ground.ImageId} ({ground.ImageName}) in {node.Subnets[0].SubnetId} ({node.Subnets[0].AvailabilityZone}"
            + (others.Count > 0 ? $"; without room there, in {string.Join(", ", others)}" : "")
            + $"), with an encrypted root volume of {Math.Max(request.VolumeSizeGiB, ground.RootSizeGiB)} GiB, IMDSv2 only"
            + (request.TerminationProtection ? ", protected against termination" : "") + ", install the engine on it, and keep its SSH host key in its tags";
    }
}
