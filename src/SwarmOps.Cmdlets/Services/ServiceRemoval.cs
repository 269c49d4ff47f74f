using System.Net;
using Docker.DotNet;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Removes services after confirmation.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="options">Whether to wait for the containers, and how long.</param>
internal sealed class ServiceRemoval(IOperationContext context, SwarmSession swarm, ServiceOptions options)
{
    /// <summary>Removes a service and, except with NoWait, waits for its containers. A service that no longer exists is not an error.</summary>
    /// <exception cref="SwarmOpsException"><c>ServiceNotGone</c>, the transport's errors.</exception>
    public async Task RunAsync(ServiceState service)
    {
        try
        {
            await swarm
                .AskAsync(
                    async (api, token) =>
                    {
                        await api.DeleteAsync($"/services/{service.Id}", token).ConfigureAwait(false);
                        return true;
                    }
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            // It was removed in the meantime.
        }

        if (!options.NoWait)
            await WaitAsync(service).ConfigureAwait(false);
    }

    /// <summary>The same where what else belongs to the service is removed although a container has not stopped: that is reported as an error.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunReportedAsync(ServiceState service)
    {
        try
        {
            await RunAsync(service).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(ServiceErrors.ServiceNotGone))
        {
            context.WriteError(error);
        }
    }

    /// <summary>A removed service's tasks disappear from the list once their containers have stopped.</summary>
    private async Task WaitAsync(ServiceState service)
    {
        IReadOnlyList<string> left = [];
        var gone = await Polling
            .UntilAsync(
                async () =>
                {
                    var tasks = await ServiceReader.TasksAsync(swarm).ConfigureAwait(false);
                    left =
                    [
                        .. tasks
                            .Where(task => task.ServiceId == service.Id && !task.IsOver)
                            .Select(task => swarm.Place(task.NodeId)?.ToString() ?? task.Id),
                    ];
                    return left.Count == 0 ? service : null;
                },
                options.Timeout,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        if (gone is null)
            throw ServiceErrors.ServiceNotGone(service.Name, left);
    }
}
