namespace SwarmOps.Recovery.Hosts;

/// <summary>Settings of a swarm that an engine must be told again when it makes a new cluster of its state.</summary>
/// <param name="DataPathPort">UDP port of overlay networks; 0 for the usual one.</param>
/// <param name="AddressPools">Address pools of overlay networks; empty for the usual one.</param>
/// <param name="SubnetSize">Length of the prefix of each network from the pools; 0 for the usual one.</param>
/// <param name="AutoLock">Whether the managers' keys are locked.</param>
internal sealed record ClusterSettings(uint DataPathPort, IReadOnlyList<string> AddressPools, uint SubnetSize, bool AutoLock);
