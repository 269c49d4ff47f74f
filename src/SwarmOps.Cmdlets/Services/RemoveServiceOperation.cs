using System.Net;
using Docker.DotNet;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Removes services and sees their containers end.</summary>
internal sealed class RemoveServiceOperation(IOperationContext context, ServiceOptions options)
{
    /// <summary>Removes services. One that cannot be removed is reported, and the others go on.</summary>
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
        if (!await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", $"remove the service '{service.Name}'").ConfigureAwait(false))
            return;
        await EndAsync(swarm, service).ConfigureAwait(false);
    }

    /// <summary>Removes a service without asking and, unless told not to, waits for its containers; one that is gone already is as it should be.</summary>
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
            // Someone else was faster.
        }

        if (!options.NoWait)
            await WaitAsync(swarm, service).ConfigureAwait(false);
    }

    /// <summary>A removed service's tasks go from the list once their containers have ended.</summary>
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
