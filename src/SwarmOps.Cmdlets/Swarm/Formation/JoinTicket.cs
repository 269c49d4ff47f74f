using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Formation;

/// <summary>What every node of one run needs to join.</summary>
/// <param name="View">The swarm.</param>
/// <param name="Token">The worker token, read at this moment; never shown.</param>
/// <param name="RemoteAddresses">The managers' addresses with ports, best first.</param>
/// <param name="DataPathAddress">Address or interface for the overlay networks' packets; null means the advertised one.</param>
/// <param name="Timeout">How long one node may take.</param>
internal sealed record JoinTicket(SwarmView View, string Token, IReadOnlyList<string> RemoteAddresses, string? DataPathAddress, TimeSpan Timeout)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"JoinTicket for {View.SwarmId}";
}
