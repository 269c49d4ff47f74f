using System.Globalization;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Writes the log of services to the pipeline.</summary>
internal sealed class ServiceLogOperation(IOperationContext context, ServiceLogRequest request)
{
    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException"><c>ServiceNotFound</c>, the transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var services = new List<ServiceState>();
        foreach (var name in request.Names)
            services.Add(
                await ServiceReader.FindAsync(swarm, name).ConfigureAwait(false) ?? throw ServiceErrors.ServiceNotFound(name, swarm.SwarmId)
            );
        if (request.Follow)
            await FollowAllAsync(swarm, services).ConfigureAwait(false);
        else
            foreach (var service in services)
                await EmitSortedAsync(swarm, service).ConfigureAwait(false);
    }

    /// <summary>A log that fails ends all: its error must not wait for the others, which may never end.</summary>
    private async Task FollowAllAsync(SwarmSession swarm, IReadOnlyList<ServiceState> services)
    {
        using var any = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var following = services.Select(service => ReadAsync(swarm, service, EmitAsync, any.Token)).ToList();
        var first = await Task.WhenAny(
                following.Select(async log =>
                {
                    await log.ConfigureAwait(false);
                    // A log that has ended (its service was removed) does not end the others.
                    await Task.WhenAll(following).ConfigureAwait(false);
                })
            )
            .ConfigureAwait(false);
        await any.CancelAsync().ConfigureAwait(false);
        await first.ConfigureAwait(false);
    }

    /// <summary>Nodes send at different speeds: a log that is not followed is sorted by time, as far as the buffer reaches.</summary>
    private async Task EmitSortedAsync(SwarmSession swarm, ServiceState service)
    {
        var window = new LogWindow(EmitAsync);
        await ReadAsync(swarm, service, window.AddAsync, context.CancellationToken).ConfigureAwait(false);
        await window.EmptyAsync().ConfigureAwait(false);
    }

    private async Task ReadAsync(
        SwarmSession swarm,
        ServiceState service,
        Func<SwarmLogEntry, ValueTask> take,
        CancellationToken cancellationToken
    )
    {
        var names = (await ServiceReader.TasksAsync(swarm, [service.Id]).ConfigureAwait(false)).ToDictionary(
            task => task.Id,
            task => task.Describe(service.Name, swarm.Place(task.NodeId)).Name
        );
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"follow={(request.Follow ? "true" : "false")}&tail={request.Tail?.ToString(CultureInfo.InvariantCulture) ?? "all"}&since={(request.Since is { } since ? new DateTimeOffset(since.ToUniversalTime()).ToUnixTimeSeconds() : 0)}"
        );
        await ServiceLog
            .ReadAsync(swarm, $"/services/{service.Id}", query, line => take(Entry(swarm, service.Name, names, line)), cancellationToken)
            .ConfigureAwait(false);
    }

    private static SwarmLogEntry Entry(SwarmSession swarm, string service, Dictionary<string, string> names, LogLine line)
    {
        var place = swarm.Place(line.NodeId);
        return new SwarmLogEntry
        {
            Time = line.Time,
            Node = place?.Name,
            Region = place?.Region,
            TaskId = line.TaskId,
            Stream = line.Stream,
            Message = line.Message,
            Task = names.GetValueOrDefault(line.TaskId, service),
        };
    }

    private async ValueTask EmitAsync(SwarmLogEntry entry) => await context.WriteObjectAsync(entry).ConfigureAwait(false);
}
