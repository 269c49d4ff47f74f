using System.Text.Json.Nodes;
using SwarmOps.Completion;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Members;
using SwarmOps.Transport;

namespace SwarmOps.Services.Tasks;

/// <summary>Completes the names of running tasks.</summary>
public sealed class TaskNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request)
    {
        var tasks = PromptManager.Recall(NodesAtHand.Of(request), "tasks", ListAsync) ?? [];
        // A manager knows its members by host name; the set may call them otherwise.
        var members = PromptMembers.Read(request).Where(node => node.NodeId is not null).ToLookup(node => node.NodeId!);
        return tasks.Select(item =>
        {
            var node = members[item.Task.NodeId].FirstOrDefault();
            var place = node is null ? null : new SwarmPlace(node.Name, node.Region);
            return new Candidate(
                item.Task.Describe(item.Service, place).Name,
                $"{place?.ToString() ?? item.Task.NodeId}, {item.Task.Image.Split('@')[0]}"
            );
        });
    }

    private static async Task<List<(TaskState Task, string Service)>> ListAsync(
        INodeConnection manager,
        CancellationToken cancellationToken
    )
    {
        var filter = Uri.EscapeDataString("""{"desired-state":["running"]}""");
        var services = await manager
            .AskJsonAsync(api => api.GetAsync("/services", cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        var tasks = await manager
            .AskJsonAsync(api => api.GetAsync($"/tasks?filters={filter}", cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        var names = Items(services).Select(json => new ServiceState(json)).ToDictionary(service => service.Id, service => service.Name);
        return
        [
            .. Items(tasks)
                .Select(json => new TaskState(json, keepsTemplate: false))
                .Where(task => task.IsRunning && names.ContainsKey(task.ServiceId))
                .Select(task => (task, names[task.ServiceId])),
        ];
    }

    private static IEnumerable<JsonNode> Items(JsonNode listed) => (listed as JsonArray ?? []).OfType<JsonNode>();
}
