using SwarmOps.Monitoring.Running;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Monitoring.State;

/// <summary>Writes the monitoring of a swarm to the pipeline, as its Prometheus servers see it.</summary>
internal sealed class GetMonitoringOperation(IOperationContext context, GetMonitoringRequest request)
{
    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="MonitoringErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var store = await MonitoringStore.ReadAsync(swarm).ConfigureAwait(false);
        var chosen = request.Names.Choose(
            context,
            store.Names,
            name => name,
            name => MonitoringErrors.MonitoringNotFound(name, swarm.SwarmId)
        );
        var members = swarm.Members.ToDictionary(member => member.Key, member => member.Value.Name);
        foreach (var name in chosen)
        {
            try
            {
                var definition = store.Require(name);
                var views = await new PrometheusReader(swarm, request.ThrottleLimit).ReadAsync(definition).ConfigureAwait(false);
                context.WriteObject(
                    MonitoringJudge.Describe(definition, views, members) with
                    {
                        SwarmId = swarm.SwarmId,
                        Nodes = swarm.Nodes,
                    }
                );
            }
            catch (SwarmOpsException error)
                when (error.ErrorId is nameof(MonitoringErrors.MonitoringDefinitionInvalid) or nameof(MonitoringErrors.MonitoringNotFound))
            {
                context.WriteError(error);
            }
        }
    }
}
