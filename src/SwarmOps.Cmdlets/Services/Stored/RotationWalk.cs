using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>Moves services to a version one at a time. The first that does not converge is rolled back, and the rotation stops there.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="target">The version that all services get.</param>
/// <param name="edges">The regions of edge services that leave DNS while their service is moved.</param>
/// <param name="options">How long each service may take.</param>
internal sealed class RotationWalk(SwarmSession swarm, StoredItem target, RotationEdges edges, ServiceOptions options)
{
    private static readonly string[] Verdicts = ["ServiceNotConverged", "ServiceUpdateFailed", "ServiceRefused", "ServicePortTaken"];

    /// <summary>Moves the services.</summary>
    /// <param name="older">The versions to replace.</param>
    /// <param name="services">The services, in the order in which they are moved.</param>
    /// <exception cref="SwarmOpsException"><c>StoredRotationFailed</c>, the errors of the DNS and the transport.</exception>
    public async Task RunAsync(IReadOnlyList<StoredItem> older, IReadOnlyList<ServiceState> services)
    {
        for (var index = 0; index < services.Count; index++)
        {
            var service = services[index];
            swarm.Context.WriteVerbose(
                $"Moving {service.Name} to the {target.Kind.Noun} '{target.ObjectName}' ({index + 1} of {services.Count})."
            );
            await edges.LeaveAsync(service).ConfigureAwait(false);
            try
            {
                await MoveAsync(older, service).ConfigureAwait(false);
            }
            catch (SwarmOpsException error) when (error.ErrorId == nameof(ServiceErrors.ServiceNotFound))
            {
                swarm.Context.WriteVerbose($"{service.Name} was removed by someone else.");
                continue;
            }
            catch (SwarmOpsException error) when (Verdicts.Contains(error.ErrorId))
            {
                var state = await BackAsync(service).ConfigureAwait(false);
                state += await RemoveUnusedAsync().ConfigureAwait(false);
                state += await edges.ReturnAfterFailureAsync(service).ConfigureAwait(false);
                throw StoredErrors.StoredRotationFailed(
                    target,
                    service.Name,
                    state,
                    error,
                    [.. services.Take(index).Select(one => one.Name)],
                    [.. services.Skip(index + 1).Select(one => one.Name)]
                );
            }

            await edges.ReturnAsync(service).ConfigureAwait(false);
        }
    }

    private async Task MoveAsync(IReadOnlyList<StoredItem> older, ServiceState service)
    {
        var before = await ServiceReader.TasksAsync(swarm, [service.Id]).ConfigureAwait(false);
        await new ServiceUpdater(swarm)
            .UpdateAsync(service.Id, now => StoredReferences.Replace(now.Spec, older, target))
            .ConfigureAwait(false);
        await new ServiceConvergence(swarm, options.Timeout)
        {
            Stable = options.Stable,
            AfterChange = true,
            Known = Ids(before),
        }
            .WaitAsync(service.Id)
            .ConfigureAwait(false);
    }

    /// <summary>Restores the previous version regardless of the service's own failure policy. If the engine has already rolled back, nothing is sent.</summary>
    /// <returns>The result as text.</returns>
    private async Task<string> BackAsync(ServiceState service)
    {
        var isBack = false;
        try
        {
            var before = await ServiceReader.TasksAsync(swarm, [service.Id]).ConfigureAwait(false);
            await new ServiceUpdater(swarm)
                .UpdateAsync(service.Id, now => StoredReferences.Restore(now.Spec, target, service.Spec))
                .ConfigureAwait(false);
            isBack = true;
            await new ServiceConvergence(swarm, options.Timeout) { Stable = options.Stable, Known = Ids(before) }
                .WaitAsync(service.Id)
                .ConfigureAwait(false);
            return "it was rolled back and runs as before";
        }
        catch (SwarmOpsException error)
        {
            return $"it {(isBack ? "was rolled back, but does not run as before" : "could not be rolled back")}: {error.Message.TrimEnd('.')}";
        }
    }

    /// <summary>The next service would take an unused version for the current one.</summary>
    /// <returns>Why it was not removed, to be added to the error; empty when it was, or is in use.</returns>
    private async Task<string> RemoveUnusedAsync()
    {
        try
        {
            var services = await ServiceReader.ListAsync(swarm).ConfigureAwait(false);
            if (!services.Any(service => StoredReferences.Uses(service.Spec, target)))
                await StoredItems.RemoveAsync(swarm.Manager, target, swarm.Context.CancellationToken).ConfigureAwait(false);
            return "";
        }
        catch (SwarmOpsException error)
        {
            return $"; the new version, '{target.ObjectName}', was not removed: {error.Message.TrimEnd('.')}";
        }
    }

    private static HashSet<string> Ids(IEnumerable<TaskState> tasks) => [.. tasks.Select(task => task.Id)];
}
