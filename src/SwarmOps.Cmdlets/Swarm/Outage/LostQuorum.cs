using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Outage;

/// <summary>What a node set reveals about a swarm without quorum.</summary>
/// <param name="Holders">The nodes with swarm state, in the order of the node set.</param>
/// <param name="Silent">The nodes that did not answer, in the order of the node set.</param>
/// <param name="Managers">The managers that the holders list.</param>
/// <param name="SwarmId">The swarm's id, from a certificate or the node set; null when unknown.</param>
internal sealed record LostQuorum(
    IReadOnlyList<NodeReport> Holders,
    IReadOnlyList<NodeReport> Silent,
    IReadOnlyList<KnownManager> Managers,
    string? SwarmId
)
{
    /// <summary>Number of managers that must be active: more than half.</summary>
    public int Needed => (Managers.Count / 2) + 1;

    /// <summary>Number of managers that answer.</summary>
    public int Answering => Managers.Count(manager => manager.Answers);

    /// <summary>The managers that do not answer.</summary>
    public IReadOnlyList<KnownManager> Missing => [.. Managers.Where(manager => !manager.Answers)];

    /// <summary>Summarizes the reports and disks of a node set.</summary>
    public static LostQuorum Of(IReadOnlyList<NodeReport> reports)
    {
        List<NodeReport> holders = [.. reports.Where(report => report.HoldsSwarmState)];
        var swarmId =
            holders.Select(holder => holder.Observation?.SwarmId ?? holder.Trace?.SwarmId).FirstOrDefault(id => id is not null)
            ?? reports.Select(report => report.Node.SwarmId).FirstOrDefault(id => !string.IsNullOrEmpty(id));
        return new LostQuorum(holders, [.. reports.Where(report => report.Failure is not null)], FindManagers(reports, holders), swarmId);
    }

    private static List<KnownManager> FindManagers(IReadOnlyList<NodeReport> reports, List<NodeReport> holders)
    {
        var peers = holders.SelectMany(PeersOf).ToList();
        if (peers.Count == 0)
            peers =
            [
                .. reports
                    .Where(report => report.Node.Role == SwarmNodeRole.Manager)
                    .Select(report => new Peer { NodeID = report.Node.NodeId ?? "", Addr = report.Node.ManagerAddress ?? "" }),
            ];
        var found = new List<KnownManager>();
        foreach (var peer in peers.OrderByDescending(peer => peer.NodeID?.Length > 0))
        {
            if (!found.Exists(manager => IsSame(manager, peer)))
                found.Add(new KnownManager(peer.NodeID ?? "", peer.Addr ?? "", reports.FirstOrDefault(report => Fits(report, peer))));
        }

        return [.. found.OrderBy(manager => manager.Report is null ? reports.Count : reports.ToList().IndexOf(manager.Report))];
    }

    private static IEnumerable<Peer> PeersOf(NodeReport holder)
    {
        foreach (var peer in holder.Observation?.Info.Swarm?.RemoteManagers ?? [])
            yield return peer;
        foreach (var peer in holder.Trace?.Managers ?? [])
            yield return peer;
        if (holder.Observation?.Info.Swarm?.ControlAvailable is true || holder.Trace?.HoldsRaft is true)
            yield return new Peer
            {
                NodeID = holder.OwnNodeId ?? "",
                Addr = holder.Observation is { NodeAddress.Length: > 0 } own ? $"{own.NodeAddress}:{SwarmPorts.Control}" : "",
            };
    }

    private static bool IsSame(KnownManager manager, Peer peer) =>
        (manager.NodeId.Length > 0 && manager.NodeId == peer.NodeID)
        || (
            manager.Address.Length > 0 && (manager.NodeId.Length == 0 || string.IsNullOrEmpty(peer.NodeID)) && manager.Address == peer.Addr
        );

    private static bool Fits(NodeReport report, Peer peer)
    {
        if (!string.IsNullOrEmpty(peer.NodeID) && (report.OwnNodeId ?? report.Node.NodeId) == peer.NodeID)
            return true;
        if (report.OwnNodeId is not null && !string.IsNullOrEmpty(peer.NodeID))
            return false;
        return !string.IsNullOrEmpty(peer.Addr)
            && NodeAddress.WithoutPort(peer.Addr) is var host
            && (host == report.Node.AdvertiseAddress || host == report.Node.PublicAddress);
    }
}
