using System.Net;
using Docker.DotNet;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Removes services and waits until their containers have stopped.</summary>
internal sealed class RemoveServiceOperation(IOperationContext context, ServiceOptions options)
{
    /// <summary>Removes services. A failure is reported and the remaining services are still removed.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync(IReadOnlyList<SwarmNode> nodes, IReadOnlyList<string> namesOrIds)
    {
        foreach (var name in namesOrIds)
            ServiceRules.CheckName(name);
        var swarm = await SwarmSession.OpenAsync(context, nodes, options.ThrottleLimit, options.Patience).ConfigureAwait(false);
        foreach (var name in namesOrIds)
        {
            try
            {
                await RemoveAsync(swarm, name).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
            }
        }
    }

    private async Task RemoveAsync(SwarmSession swarm, string name)
    {
        var service = await ServiceReader.FindAsync(swarm, name).ConfigureAwait(false) ?? throw ServiceErrors.ServiceNotFound(name, swarm.SwarmId);
        if (!await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", $"Remove the service '{service.Name}'").ConfigureAwait(false))
            return;
        await EndAsync(swarm, service).ConfigureAwait(false);
    }

    /// <summary>Removes a service without confirmation and, except with NoWait, waits for its containers. A service that no longer exists is not an error.</summary>
    /// <exception cref="SwarmOpsException"><c>ServiceNotGone</c>, the transport's errors.</exception>
    public async Task EndAsync(SwarmSession swarm, ServiceState service)
    {
        try
        {
            await swarm.AskAsync(async (api, token) =>
            {
                await api.DeleteAsync($"/services/{service.Id}", token).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            // It was removed in the meantime.
        }

        if (!options.NoWait)
            await WaitAsync(swarm, service).ConfigureAwait(false);
    }

    /// <summary>A removed service's tasks disappear from the list once their containers have stopped.</summary>
    private async Task WaitAsync(SwarmSession swarm, ServiceState service)
    {
        IReadOnlyList<string> left = [];
        var gone = await Polling.UntilAsync(
            async () =>
            {
                var tasks = await ServiceReader.TasksAsync(swarm).ConfigureAwait(false);
                left = [.. tasks.Where(task => task.ServiceId == service.Id && !task.IsOver).Select(task => swarm.Place(task.NodeId)?.ToString() ?? task.Id)];
                return left.Count == 0 ? service : null;
            },
            options.Timeout,
            context.CancellationToken).ConfigureAwait(false);
        if (gone is null)
            throw ServiceErrors.ServiceNotGone(service.Name, left);
    }
}
