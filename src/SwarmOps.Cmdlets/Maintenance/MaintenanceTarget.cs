using Docker.DotNet.Models;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance;

/// <summary>The node that is maintained.</summary>
/// <param name="Report">What came of asking it.</param>
/// <param name="Member">Its entry in the swarm.</param>
internal sealed record MaintenanceTarget(NodeReport Report, NodeListResponse Member)
{
    /// <summary>The node, as it was passed.</summary>
    public SwarmNode Node => Report.Node;

    /// <summary>Its name.</summary>
    public string Name => Node.Name;

    /// <summary>Its id in the swarm.</summary>
    public string NodeId => Member.ID;

    /// <summary>Finds it by name in the node set.</summary>
    /// <exception cref="SwarmOpsException"><c>NodeNotInSet</c>, <c>NodeNotInSwarm</c>.</exception>
    public static MaintenanceTarget Find(SwarmSession swarm, string name)
    {
        var report =
            swarm.Reports.FirstOrDefault(report => string.Equals(report.Node.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw SwarmErrors.NodeNotInSet(name, [.. swarm.Reports.Select(report => report.Node)]);
        return swarm.MemberOf(report) is { } member
            ? new MaintenanceTarget(report, member)
            : throw report.Failure ?? SwarmErrors.NodeNotInSwarm(report.Node, swarm.SwarmId);
    }

    /// <summary>The node as the swarm describes it now.</summary>
    public SwarmNode Describe(SwarmView view) => view.Find(NodeId) is { } now ? SwarmNodeMapper.Describe(Node, now, view.SwarmId) : Node;
}
