using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Formation;

/// <summary>What every node needs to join.</summary>
/// <param name="View">The swarm.</param>
/// <param name="Token">The join token, just read; never shown.</param>
/// <param name="RemoteAddresses">The managers' addresses with ports, best first.</param>
/// <param name="DataPathAddress">Data path address or interface; null means the advertise address.</param>
/// <param name="Timeout">How long one node may take.</param>
internal sealed record JoinTicket(
    SwarmView View,
    string Token,
    IReadOnlyList<string> RemoteAddresses,
    string? DataPathAddress,
    TimeSpan Timeout
)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"JoinTicket for {View.SwarmId}";
}
