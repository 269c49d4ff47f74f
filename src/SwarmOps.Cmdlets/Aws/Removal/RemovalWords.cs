namespace SwarmOps.Aws;

/// <summary>What the user is asked, and what -WhatIf says.</summary>
internal static class RemovalWords
{
    /// <summary>For a node.</summary>
    public static string Terminate(RemovedInstance node, RegionRemoval region, SwarmLeavePlan plan)
    {
        var leave = plan.Steps.TryGetValue(node.Node.ToString(), out var steps) ? $"{steps}, then terminate" : "Terminate";
        var address = region.Found.Addresses.FirstOrDefault(candidate => candidate.InstanceId == node.Instance.InstanceId);
        return $"{leave} the instance {node.Instance.InstanceId} in {region.Region}{(address is null ? "" : $" and release its address {address.PublicIp}")}";
    }

    /// <summary>For what is left of a region when its last node goes.</summary>
    public static string Rest(RegionRemoval region)
    {
        var going = region.InstanceIds.ToHashSet();
        List<string> things =
        [
            .. region.Addresses.Where(address => !going.Contains(address.InstanceId ?? "")).Select(address => $"address {address.PublicIp}"),
            .. region.Found.Groups.Select(group => $"security group {group.GroupName} ({group.GroupId})"),
            .. region.Found.KeyPairs.Select(pair => $"key pair {pair.KeyName}"),
        ];
        return things.Count == 0 ? "Remove what is left" : $"Remove {string.Join(", ", things)}";
    }

    /// <summary>For addresses that an earlier run left behind.</summary>
    public static string Addresses(RegionRemoval region) => $"Release {string.Join(", ", region.Addresses.Select(address => $"address {address.PublicIp}"))}";
}
