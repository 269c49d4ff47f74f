using Docker.DotNet.Models;
using SwarmOps.Maintenance.Suspension;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>The order of a maintenance.</summary>
internal static class FleetOrder
{
    /// <summary>First what was begun and not completed, since it is out of service; then workers, managers, and the leader last.</summary>
    public static IReadOnlyList<MaintenanceTarget> Of(IEnumerable<MaintenanceTarget> targets, Func<string, JournalEntry> journal) =>
        [
            .. targets
                .OrderByDescending(target => SuspendMark.Of(target.Member) is not null)
                .ThenByDescending(target => journal(target.NodeId).State is SwarmMaintenanceState.Working or SwarmMaintenanceState.Failed)
                .ThenBy(target => Rank(target.Member))
                .ThenBy(target => target.Node.Region, StringComparer.Ordinal)
                .ThenBy(target => target.Name, StringComparer.Ordinal),
        ];

    private static int Rank(NodeListResponse member) =>
        member.ManagerStatus is not { } manager ? 0
        : manager.Leader is true ? 2
        : 1;
}
