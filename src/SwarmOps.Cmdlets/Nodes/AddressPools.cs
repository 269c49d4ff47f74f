namespace SwarmOps.Nodes;

/// <summary>The pools from which the networks of a swarm get their subnets.</summary>
internal static class AddressPools
{
    /// <summary>What the engine cuts from a pool by default (dockerd's documentation of <c>--default-addr-pool-mask-length</c>).</summary>
    public const int DefaultSubnetSize = 24;

    /// <summary>Refuses pools that the engine would refuse.</summary>
    /// <param name="pools">Subnets in CIDR form; null for the engine's default.</param>
    /// <param name="subnetSize">Bits of the network part of each subnet; null for the engine's default.</param>
    /// <exception cref="SwarmOpsException"><c>AddressPoolInvalid</c>, <c>SubnetSizeInvalid</c>.</exception>
    public static void Check(IReadOnlyList<string>? pools, int? subnetSize = null)
    {
        foreach (var pool in pools ?? [])
            Check(pool, subnetSize ?? DefaultSubnetSize);
    }

    private static void Check(string pool, int subnetSize)
    {
        if (!Ipv4Subnet.TryParse(pool, out var subnet, out var given))
            throw NodeErrors.AddressPoolInvalid(pool, "it is not an IPv4 subnet in CIDR form, such as 10.20.0.0/16");
        if (!given.Equals(subnet.First))
            throw NodeErrors.AddressPoolInvalid(pool, $"it has host bits set; the subnet is {subnet.First}/{subnet.PrefixLength}");
        if (subnet.PrefixLength > subnetSize)
            throw NodeErrors.SubnetSizeInvalid(pool, subnetSize);
    }
}
