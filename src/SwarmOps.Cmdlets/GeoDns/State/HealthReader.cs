using SwarmOps.GeoDns.Definition;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.GeoDns.State;

/// <summary>Asks the name servers, inside their containers, how they see the edge nodes.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="throttleLimit">How many nodes are asked at the same time.</param>
internal sealed class HealthReader(SwarmSession swarm, int throttleLimit)
{
    /// <summary>Asks all name servers of a zone.</summary>
    /// <returns>The view of each, by its node's id, or why there is none.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors of the managers.</exception>
    public async Task<IReadOnlyDictionary<string, (ServerHealth? Health, string? Error)>> ReadAsync(GeoDnsDefinition definition)
    {
        var names = definition.Servers.ToDictionary(server => GeoDnsNames.Service(definition.Zone, server.Number));
        var services = (await ServiceReader.ListAsync(swarm).ConfigureAwait(false))
            .Where(service => names.ContainsKey(service.Name))
            .ToList();
        var tasks =
            services.Count == 0
                ? []
                : await ServiceReader.TasksAsync(swarm, [.. services.Select(service => service.Id)]).ConfigureAwait(false);
        var read = await Throttle
            .ForEachAsync(
                definition.Servers,
                throttleLimit,
                async server =>
                {
                    var service = services.Find(service => names[service.Name] == server);
                    var own = tasks.Where(task => task.ServiceId == service?.Id).ToList();
                    return (server.NodeId, View: await ReadAsync(server, own).ConfigureAwait(false));
                },
                swarm.Context.CancellationToken
            )
            .ConfigureAwait(false);
        return read.ToDictionary(view => view.NodeId, view => view.View, StringComparer.Ordinal);
    }

    private async Task<(ServerHealth? Health, string? Error)> ReadAsync(GeoDnsHost server, IReadOnlyList<TaskState> tasks)
    {
        var task = tasks.FirstOrDefault(task => task is { ContainerId: not null, IsRunning: true } && task.NodeId == server.NodeId);
        if (task is null)
        {
            var last = tasks.Count > 0 ? tasks[0] : null;
            return (
                null,
                last is null ? "the swarm has created no task for it"
                : last.Error.Length > 0 ? TaskWords.Of(last.Error)
                : $"its task is {last.State}"
            );
        }

        if (swarm.Nodes.FirstOrDefault(node => node.NodeId == server.NodeId) is not { } node)
            return (null, "its node is not in the node set or did not answer");
        try
        {
            var report = await ContainerExec
                .RunAsync(
                    swarm.Context.Connection(node),
                    task.ContainerId!,
                    ["gdnsdctl", "-c", GeoDnsNames.ConfigPath, "-t", "10", "states"],
                    swarm.Context.CancellationToken
                )
                .ConfigureAwait(false);
            return ServerHealth.Parse(report) is { } health ? (health, null) : (null, "it did not tell its states");
        }
        catch (SwarmOpsException error)
        {
            return (null, error.Message);
        }
    }
}
