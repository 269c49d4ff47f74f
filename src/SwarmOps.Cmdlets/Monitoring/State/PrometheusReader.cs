using SwarmOps.Monitoring.Definition;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Monitoring.State;

/// <summary>Asks the Prometheus servers, each inside its own container: they listen in the overlay network only.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="throttleLimit">How many nodes are contacted at the same time.</param>
internal sealed class PrometheusReader(SwarmSession swarm, int throttleLimit)
{
    private static readonly string Script = EmbeddedText.Read("monitoring-ask.sh");

    /// <summary>Longer than the script waits for all its answers from a server that accepts connections and is silent.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Asks all of them.</summary>
    /// <returns>The view of each, or why there is none, in the order of their numbers.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors of the managers.</exception>
    public async Task<IReadOnlyList<PrometheusView>> ReadAsync(MonitoringDefinition definition)
    {
        var names = definition.Servers.ToDictionary(host => MonitoringNames.Prometheus(definition.Name, host.Number));
        var services = (await ServiceReader.ListAsync(swarm).ConfigureAwait(false))
            .Where(service => names.ContainsKey(service.Name))
            .ToList();
        var tasks = await ServiceReader.TasksOfAsync(swarm, [.. services.Select(service => service.Id)]).ConfigureAwait(false);
        return await Throttle
            .ForEachAsync(
                definition.Servers,
                throttleLimit,
                host =>
                {
                    var service = services.Find(service => names[service.Name] == host);
                    return ReadAsync(host, service is null ? null : [.. tasks[service.Id]]);
                },
                swarm.Context.CancellationToken
            )
            .ConfigureAwait(false);
    }

    private async Task<PrometheusView> ReadAsync(MonitoringHost host, IReadOnlyList<TaskState>? tasks)
    {
        PrometheusView None(string why, bool isUnknown = false) => new(host) { Error = why, IsUnknown = isUnknown };

        if (tasks is null)
            return None("its service does not exist");
        if (tasks.FirstOrDefault(task => task is { IsWanted: true, IsRunning: true, ContainerId: not null }) is not { } task)
            return None(
                tasks.Count == 0 ? "the swarm has created no task for it"
                : tasks[0].Error.Length > 0 ? TaskWords.Of(tasks[0].Error)
                : $"its task is {tasks[0].State}"
            );
        if (swarm.Nodes.FirstOrDefault(node => node.NodeId == task.NodeId) is not { } node)
            return None("its node is not in the node set or did not answer", isUnknown: true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(swarm.Context.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var said = await ContainerExec
                .RunAsync(
                    swarm.Context.Connection(node),
                    task.ContainerId!,
                    [
                        "sh",
                        "-c",
                        Script,
                        "ask",
                        MonitoringNames.PrometheusPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        .. PrometheusView.Paths,
                    ],
                    limit.Token,
                    lastLine: "done"
                )
                .ConfigureAwait(false);
            return PrometheusView.Parse(host, said);
        }
        catch (OperationCanceledException) when (!swarm.Context.CancellationToken.IsCancellationRequested)
        {
            return None($"it did not answer within {Limit.TotalSeconds:0} s", isUnknown: true);
        }
        catch (SwarmOpsException error)
        {
            return None(error.Message.TrimEnd('.'), isUnknown: true);
        }
    }
}
