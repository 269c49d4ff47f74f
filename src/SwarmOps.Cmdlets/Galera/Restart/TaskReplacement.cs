using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Restart;

/// <summary>Makes the swarm replace a task of a service, and waits until the new one has a container, since the old one still reports Synced for a while.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="timeout">The time limit.</param>
/// <param name="registryAuth">The credential for the image's registry, in the engine's format; null for none.</param>
internal sealed class TaskReplacement(SwarmSession swarm, TimeSpan timeout, string? registryAuth)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    /// <summary>Sends a change and waits for the first new task.</summary>
    /// <param name="service">The service.</param>
    /// <param name="change">Returns the wanted specification.</param>
    /// <param name="what">The node, or the service, for errors.</param>
    /// <returns>The new task.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraNodeNotSynced</c>, those of services and the transport.</exception>
    public async Task<TaskState> RunAsync(ServiceState service, Func<ServiceState, JsonObject?> change, string what)
    {
        var before = (await ServiceReader.TasksAsync(swarm, [service.Id]).ConfigureAwait(false)).Select(task => task.Id).ToHashSet();
        await new ServiceUpdater(swarm, registryAuth).UpdateAsync(service.Id, change).ConfigureAwait(false);
        var deadline = Deadline.In(timeout);
        while (true)
        {
            var fresh = (await ServiceReader.TasksAsync(swarm, [service.Id]).ConfigureAwait(false))
                .Where(task => !before.Contains(task.Id))
                .ToList();
            if (fresh.FirstOrDefault(task => task.ContainerId is not null && task.State is "starting" or "running") is { } started)
                return started;
            if (fresh.FirstOrDefault(task => task.HasFailed) is { } failed && fresh.Count(task => task.HasFailed) > 1)
                throw GaleraErrors.GaleraNodeNotSynced(swarm.Place(failed.NodeId)?.Name ?? what, TaskWords.Of(failed.Error), timeout);
            if (!deadline.LeavesTimeFor(Pause))
                throw GaleraErrors.GaleraNodeNotSynced(what, "the old container has not exited", timeout);
            await Task.Delay(Pause, swarm.Context.CancellationToken).ConfigureAwait(false);
        }
    }
}
