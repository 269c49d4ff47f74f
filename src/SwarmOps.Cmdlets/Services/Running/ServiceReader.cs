using System.Net;
using System.Text.Json.Nodes;
using Docker.DotNet;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Running;

/// <summary>Reads services and tasks of a swarm.</summary>
internal static class ServiceReader
{
    /// <summary>How long cmdlets that only read wait for a leader.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>All services, with their status.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyList<ServiceState>> ListAsync(SwarmSession swarm)
    {
        var listed = await swarm.GetAsync("/services?status=true").ConfigureAwait(false);
        return
        [
            .. (listed as JsonArray ?? [])
                .OfType<JsonNode>()
                .Select(json => new ServiceState(json))
                .OrderBy(service => service.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>A service by name or id, without the engine's own defaults in it; null if there is none.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<ServiceState?> FindAsync(SwarmSession swarm, string nameOrId)
    {
        try
        {
            var found = new ServiceState(await swarm.GetAsync($"/services/{Uri.EscapeDataString(nameOrId)}").ConfigureAwait(false));
            // The engine also accepts the beginning of an id.
            return found.Name == nameOrId || found.Id == nameOrId ? found : null;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
    }

    /// <summary>The tasks of the given services, or of all; newest first.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyList<TaskState>> TasksAsync(SwarmSession swarm, IReadOnlyList<string>? serviceIds = null)
    {
        var filter = serviceIds is null
            ? ""
            : "?filters="
                + Uri.EscapeDataString(
                    new JsonObject { ["service"] = new JsonArray([.. serviceIds.Select(id => (JsonNode)id)]) }.ToJsonString()
                );
        var listed = await swarm.GetAsync("/tasks" + filter).ConfigureAwait(false);
        return
        [
            .. (listed as JsonArray ?? []).OfType<JsonNode>().Select(json => new TaskState(json)).OrderByDescending(task => task.CreatedAt),
        ];
    }

    /// <summary>Names of networks by id.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> NetworkNamesAsync(SwarmSession swarm)
    {
        var listed = await swarm.ReadNetworksAsync().ConfigureAwait(false);
        return listed.ToDictionary(network => network.ID, network => network.Name);
    }

    /// <summary>A service as shown to the user.</summary>
    public static SwarmService Describe(
        SwarmSession swarm,
        ServiceState service,
        IEnumerable<TaskState> tasks,
        IReadOnlyDictionary<string, string> networks
    )
    {
        var own = tasks.Where(task => task.ServiceId == service.Id).ToList();
        var current = service.MayComplete
            ? CurrentTasks.Of(service, own)
            : [.. own.Where(task => service.IsJob ? task.JobIteration == service.JobIteration : task.IsWanted)];
        return new SwarmService
        {
            Name = service.Name,
            Id = service.Id,
            SwarmId = swarm.SwarmId,
            Mode = service.Mode,
            DesiredCount = service.Mode is SwarmServiceMode.Global or SwarmServiceMode.GlobalJob
                ? current.Select(task => task.Place).Distinct().Count()
                : service.DesiredCount,
            RunningCount = current.Count(task =>
                service.IsJob ? task.IsComplete : task.IsRunning || (service.MayComplete && task.IsComplete)
            ),
            Image = service.Image,
            EndpointMode = service.EndpointMode,
            Ports = service.Ports,
            Networks = [.. service.Networks.Select(id => networks.GetValueOrDefault(id, id))],
            Constraints = service.Constraints,
            Labels = service.Labels,
            UpdateState = service.UpdateState,
            UpdateMessage = service.UpdateMessage,
            CreatedAt = service.CreatedAt,
            UpdatedAt = service.UpdatedAt,
            Tasks = Describe(swarm, service.Name, current),
            Nodes = swarm.Nodes,
        };
    }

    /// <summary>Tasks as shown to the user, sorted by region and node.</summary>
    public static IReadOnlyList<SwarmTask> Describe(SwarmSession swarm, string service, IEnumerable<TaskState> tasks) =>
        [
            .. tasks
                .Select(task => task.Describe(service, swarm.Place(task.NodeId)))
                .OrderBy(task => task.Service, StringComparer.Ordinal)
                .ThenBy(task => task.Region, StringComparer.Ordinal)
                .ThenBy(task => task.Node, StringComparer.Ordinal)
                .ThenBy(task => task.Slot)
                .ThenByDescending(task => task.Since),
        ];
}
