namespace SwarmOps.Aws.Removal;

/// <summary>Texts of confirmations and -WhatIf.</summary>
internal static class RemovalWords
{
    /// <summary>For a node.</summary>
    public static string Terminate(RemovedInstance node, RegionRemoval region, SwarmLeavePlan plan)
    {
        var leave = plan.Steps.TryGetValue(node.Node.ToString(), out var steps) ? $"{steps}, then terminate" : "Terminate";
        var address = region.Found.Addresses.FirstOrDefault(candidate => candidate.InstanceId == node.Instance.InstanceId);
        return $"{leave} the instance {node.Instance.InstanceId} in {region.Region}{(address is null ? "" : $" and release its Elastic IP address {address.PublicIp}")}";
    }

    /// <summary>For the remaining resources of a region without nodes.</summary>
    public static string Rest(RegionRemoval region)
    {
        var going = region.InstanceIds.ToHashSet();
        List<string> things =
        [
            .. region
                .Addresses.Where(address => !going.Contains(address.InstanceId ?? ""))
                .Select(address => $"Elastic IP address {address.PublicIp}"),
            .. region.Found.Groups.Select(group => $"security group {group.GroupName} ({group.GroupId})"),
            .. region.Found.KeyPairs.Select(pair => $"key pair {pair.KeyName}"),
        ];
        return things.Count == 0 ? "Remove the remaining resources" : $"Remove {string.Join(", ", things)}";
    }

    /// <summary>For addresses that an interrupted run left.</summary>
    public static string Addresses(RegionRemoval region) =>
        $"Release {string.Join(", ", region.Addresses.Select(address => $"Elastic IP address {address.PublicIp}"))}";
}
