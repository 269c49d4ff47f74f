using SwarmOps.Folders;
using SwarmOps.Galera;
using SwarmOps.GeoDns.Definition;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>What taking a node out of service means for each service that has tasks on it.</summary>
/// <param name="Replaced">The services whose tasks are started on other nodes first, with the raised number of replicas.</param>
/// <param name="Stopped">Names of the services whose tasks on the node stop, and go on elsewhere with those that they have there.</param>
/// <param name="Obstacles">Why users would notice.</param>
/// <param name="Warnings">What the user should know.</param>
internal sealed record SuspendPlan(
    IReadOnlyList<(ServiceState Service, Surge Surge)> Replaced,
    IReadOnlyList<string> Stopped,
    IReadOnlyList<string> Obstacles,
    IReadOnlyList<string> Warnings
)
{
    /// <summary>Decides for each service.</summary>
    public static SuspendPlan Of(NodeLoad load)
    {
        var folders = KeptData.SharedFolders(load.Services.Select(view => view.Service));
        var (replaced, stopped) = (new List<(ServiceState, Surge)>(), new List<string>());
        var (obstacles, warnings) = (new List<string>(), new List<string>());
        foreach (var view in load.Here)
        {
            var service = view.Service;
            if (Surge.Of(service) is { } surge && surge.NodeId == load.Member.ID)
                replaced.Add((service, surge));
            else if (IsReplicated(load, service))
            {
                if (WhyNotReplaced(load, view, folders) is { } reason)
                {
                    obstacles.Add(reason);
                    stopped.Add(service.Name);
                }
                else
                    replaced.Add((service, new Surge(load.Member.ID, service.DesiredCount, service.DesiredCount + load.CountHere(view))));
            }
            else
            {
                stopped.Add(service.Name);
                if (WhyMissed(load, view) is { } reason)
                    obstacles.Add(reason);
                else if (service.Labels.TryGetValue(EdgeRules.NameLabel, out var edge) && load.Zones.All(zone => zone.Service != edge))
                    warnings.Add(
                        $"No zone of this swarm points to the edge service '{edge}': take '{load.Name}' out of your own DNS first, since its task there stops."
                    );
            }
        }

        return new SuspendPlan(replaced, stopped, obstacles, warnings);
    }

    /// <summary>The plan as text.</summary>
    /// <param name="edges">The edge services that leave DNS.</param>
    public string Words(IReadOnlyList<string> edges)
    {
        var steps = new List<string>();
        if (edges.Count > 0)
            steps.Add($"take out of DNS ({string.Join(", ", edges)})");
        if (Replaced.Count > 0)
            steps.Add(
                $"start {Replaced.Sum(entry => entry.Surge.To - entry.Surge.From)} tasks on other nodes first ({string.Join(", ", Replaced.Select(entry => entry.Service.Name))})"
            );
        steps.Add(Stopped.Count > 0 ? $"drain (stops {string.Join(", ", Stopped)} there)" : "drain");
        return "Suspend: " + string.Join(", ", steps);
    }

    /// <summary>Whether a service's tasks can be replaced on other nodes: it has a number of replicas, and no part of it belongs to this node.</summary>
    private static bool IsReplicated(NodeLoad load, ServiceState service) =>
        service.Mode == SwarmServiceMode.Replicated
        && !service.Labels.ContainsKey(GaleraNames.ClusterLabel)
        && !service.Labels.ContainsKey(GeoDnsNames.ZoneLabel)
        && !service.Labels.ContainsKey(FolderNames.FolderLabel)
        // An edge service with one task a region moves within its region, and without another node there DNS sends its clients to other regions.
        && (!service.Labels.ContainsKey(EdgeRules.NameLabel) || load.Eligible(service).Count > 0);

    private static string? WhyNotReplaced(NodeLoad load, ConvergenceView view, IReadOnlyList<string> folders)
    {
        var service = view.Service;
        var eligible = load.Eligible(service).Count;
        var most = NodeLoad.MostOnOneNode(service);
        if (Surge.Of(service) is not null)
            return $"'{service.Name}' has replicas that another Suspend-SwarmNode added and has not removed";
        if (service.UpdateState is "updating" or "rollback_started" or "paused" or "rollback_paused")
            return $"an update of '{service.Name}' is not complete ({service.UpdateState.Replace('_', ' ')})";
        if ((string?)service.Template?["RestartPolicy"]?["Condition"] == "none")
            return $"'{service.Name}' restarts nothing, so its task would begin again from the start";
        if (!view.IsComplete)
            return $"'{service.Name}' runs {view.Sound.Count} of {view.Wanted} tasks";
        if (eligible == 0)
            return $"'{service.Name}' can run on no other node"
                + (service.Constraints.Count > 0 ? $" (constraints {string.Join(", ", service.Constraints)})" : "");
        if (most > 0 && service.DesiredCount > eligible * most)
            return $"'{service.Name}' needs room for {service.DesiredCount} tasks, and {eligible} other nodes may have {eligible * most} ({most} a node)";
        if (KeptData.Of(service, folders) is { } data)
            return $"'{service.Name}' keeps data in {data} on this node, and a task elsewhere would begin without it";
        return null;
    }

    private static string? WhyMissed(NodeLoad load, ConvergenceView view)
    {
        var service = view.Service;
        if (service.IsJob)
            return $"the job '{service.Name}' runs there and would begin again from the start";
        if (service.Labels.ContainsKey(GaleraNames.ClusterLabel))
            return null;
        if (service.Labels.TryGetValue(GeoDnsNames.ZoneLabel, out var zone))
            return load.HasPeer(service, GeoDnsNames.ZoneLabel) ? null : $"no other name server of the zone '{zone}' runs";
        if (service.Labels.TryGetValue(FolderNames.FolderLabel, out var folder))
            return load.HasPeer(service, FolderNames.FolderLabel) ? null : $"no other copy of the shared folder '{folder}' runs";
        if (service.Labels.TryGetValue(EdgeRules.NameLabel, out var edge))
            return load.HasPeer(service, EdgeRules.NameLabel) ? null : $"no other task of the edge service '{edge}' runs";
        return load.CountElsewhere(view) > 0 ? null : $"no other task of '{service.Name}' runs";
    }
}
