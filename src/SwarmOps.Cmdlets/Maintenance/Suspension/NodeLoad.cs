using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Running;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>What a swarm runs, read at one moment, as seen from one of its nodes.</summary>
/// <param name="Member">The node.</param>
/// <param name="Name">Its name.</param>
/// <param name="Members">All members of the swarm.</param>
/// <param name="Services">All services, each with its tasks.</param>
/// <param name="Zones">The zones of the swarm's own name servers.</param>
internal sealed record NodeLoad(
    NodeListResponse Member,
    string Name,
    IReadOnlyList<NodeListResponse> Members,
    IReadOnlyList<ConvergenceView> Services,
    IReadOnlyList<GeoDnsDefinition> Zones
)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<NodeLoad> ReadAsync(SwarmSession swarm, NodeListResponse member, string name)
    {
        var view = await swarm.ReadViewAsync().ConfigureAwait(false);
        var zones = await GeoDnsZones.ReadAsync(swarm).ConfigureAwait(false);
        var tasks = (await ServiceReader.TasksAsync(swarm).ConfigureAwait(false)).ToLookup(task => task.ServiceId);
        return new NodeLoad(
            view.Find(member.ID) ?? member,
            name,
            view.Members,
            [.. zones.AllServices.Select(service => new ConvergenceView(service, [.. tasks[service.Id]]))],
            [.. zones.Names.Select(zones.DefinitionOf).OfType<GeoDnsDefinition>()]
        );
    }

    /// <summary>The services with a task that runs, or is to run, on the node.</summary>
    public IEnumerable<ConvergenceView> Here => Services.Where(view => CountHere(view) > 0);

    /// <summary>How many tasks of a service are wanted on the node.</summary>
    public int CountHere(ConvergenceView view) => view.Tasks.Count(task => task.NodeId == Member.ID && task.IsWanted && !task.IsOver);

    /// <summary>How many tasks of a service run soundly on other nodes.</summary>
    public int CountElsewhere(ConvergenceView view) => view.Sound.Count(task => task.NodeId != Member.ID);

    /// <summary>Whether another service with the same value of a label has a sound task on another node.</summary>
    public bool HasPeer(ServiceState service, string label) =>
        service.Labels.TryGetValue(label, out var value)
        && Services.Any(other => other.Service.Labels.GetValueOrDefault(label) == value && CountElsewhere(other) > 0);

    /// <summary>The edge services that name servers of the swarm send to this node.</summary>
    public IReadOnlyList<string> Edges =>
        [
            .. Zones
                .Where(zone => zone.Regions.Any(region => region.Nodes.Any(node => node.Name == Name && !zone.IsOut(region, node))))
                .Select(zone => zone.Service)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The other members that take new tasks and meet a service's constraints.</summary>
    public IReadOnlyList<NodeListResponse> Eligible(ServiceState service) =>
        [
            .. Members.Where(other =>
                other.ID != Member.ID
                && other.Status?.State == "ready"
                && other.Spec?.Availability == "active"
                && PlacementRule.Permits(service.Constraints, other)
            ),
        ];

    /// <summary>How many tasks of a service one node may have; 0 for no limit.</summary>
    public static int MostOnOneNode(ServiceState service) => (int?)(service.Template?["Placement"] as JsonObject)?["MaxReplicas"] ?? 0;
}
