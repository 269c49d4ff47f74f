using System.Net;
using Docker.DotNet.Models;
using SwarmOps.Transport;

namespace SwarmOps.Nodes;

/// <summary>A node's state as its own engine reports it, at one moment.</summary>
/// <param name="Node">The node.</param>
/// <param name="Connection">The connection to it.</param>
/// <param name="Info">The engine's <c>/info</c>.</param>
internal sealed record NodeObservation(SwarmNode Node, INodeConnection Connection, SystemInfoResponse Info)
{
    /// <summary>
    /// Its swarm state: inactive, pending, active, error or locked. An engine whose swarm component has recovered from an error by itself still
    /// reports error, but without a message (measured on engine 20.10.24): that counts as active.
    /// </summary>
    public string LocalState =>
        Info.Swarm switch
        {
            { LocalNodeState: LocalNodeStates.Error, Error: null or "", NodeID.Length: > 0 } => LocalNodeStates.Active,
            { LocalNodeState: { } state } => state,
            _ => LocalNodeStates.Inactive,
        };

    /// <summary>Whether it is a full member of a swarm.</summary>
    public bool IsActive => LocalState == LocalNodeStates.Active;

    /// <summary>Whether it is an active manager.</summary>
    public bool IsManager => IsActive && Info.Swarm!.ControlAvailable;

    /// <summary>
    /// Whether its engine is, or was and may be again, a member of a swarm. A manager without quorum reports pending, one with an expired certificate or a
    /// full disk error: neither is free to join another swarm.
    /// </summary>
    public bool HoldsSwarmState => LocalState != LocalNodeStates.Inactive || NodeId.Length > 0;

    /// <summary>Its id in its swarm; empty when it is in none.</summary>
    public string NodeId => Info.Swarm?.NodeID ?? "";

    /// <summary>The address that it advertises.</summary>
    public string NodeAddress => Info.Swarm?.NodeAddr ?? "";

    /// <summary>The address that it advertises, parsed; null when it advertises none.</summary>
    public IPAddress? Address => IPAddress.TryParse(NodeAddress, out var address) ? address : null;

    /// <summary>The id of its swarm; only managers know it.</summary>
    public string? SwarmId => Info.Swarm?.Cluster?.ID is { Length: > 0 } id ? id : null;

    /// <summary>Asks a node's engine.</summary>
    /// <exception cref="SwarmOpsException">Any of the transport's errors.</exception>
    public static async Task<NodeObservation> TakeAsync(SwarmNode node, INodeConnection connection, CancellationToken cancellationToken)
    {
        var info = await connection
            .AskAsync(engine => engine.System.GetSystemInfoAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return new NodeObservation(node, connection, info);
    }
}
