using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Formation;

/// <summary>Hosts that may hold a cluster's data: those of its services, by constraint, label and earlier tasks; without services, every host that could have been chosen.</summary>
internal static class GaleraHosts
{
    private const string NodeConstraint = "node.id==";

    /// <summary>Names of the hosts on which a cluster's services were to run or have run.</summary>
    /// <param name="services">The cluster's services.</param>
    /// <param name="tasks">Their tasks, including past ones.</param>
    /// <param name="members">Every member of the swarm by id.</param>
    public static IReadOnlyList<string> Of(
        IReadOnlyList<ServiceState> services,
        IReadOnlyList<TaskState> tasks,
        IReadOnlyDictionary<string, SwarmPlace> members
    )
    {
        var data = services
            .Where(service => service.Labels.GetValueOrDefault(GaleraNames.RoleLabel) != GaleraNames.ArbitratorRole)
            .ToList();
        var named = data.Select(service => service.Labels.GetValueOrDefault(GaleraNames.NodeLabel)).OfType<string>();
        var pinned = data.SelectMany(service => service.Constraints)
            .Select(constraint => constraint.Replace(" ", "", StringComparison.Ordinal))
            .Where(constraint => constraint.StartsWith(NodeConstraint, StringComparison.Ordinal))
            .Select(constraint => constraint[NodeConstraint.Length..]);
        var used = tasks
            .Where(task => data.Any(service => service.Id == task.ServiceId))
            .Select(task => task.NodeId)
            .Where(id => id.Length > 0);
        var everywhere = data.Any(service => service.Mode == SwarmServiceMode.Global) ? members.Keys : [];
        return
        [
            .. named
                .Concat(pinned.Concat(used).Concat(everywhere).Select(id => members.TryGetValue(id, out var member) ? member.Name : id))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>Names of the hosts that a cluster without services may have used: nodes of the node set and members of the swarm that do not answer, in the requested regions.</summary>
    /// <param name="request">The cluster.</param>
    /// <param name="set">The node set, including nodes that do not answer.</param>
    /// <param name="members">The members of the swarm according to a manager.</param>
    public static IReadOnlyList<string> Possible(
        GaleraRequest request,
        IEnumerable<SwarmNode> set,
        IEnumerable<(SwarmPlace Place, bool IsDown)> members
    )
    {
        bool IsWanted(string? region) =>
            request.Layout == GaleraLayout.Global || request.Regions.Count == 0 || region is null || request.Regions.Contains(region);
        var own = set.Where(node => IsWanted(node.Region)).Select(node => node.Name);
        return
        [
            .. own.Concat(members.Where(member => member.IsDown && IsWanted(member.Place.Region)).Select(member => member.Place.Name))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>The data directory of a cluster's services; without services the requested one.</summary>
    public static string Path(GaleraRequest request, IReadOnlyList<ServiceState> services) =>
        services.Select(service => service.Labels.GetValueOrDefault(GaleraNames.DataPathLabel)).FirstOrDefault(path => path is not null)
        ?? request.DataPath;
}
