using SwarmOps.Pipeline;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>The regions of edge services that a rotation touches: each leaves DNS while its service is moved.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="options">How services are moved.</param>
internal sealed class RotationEdges(IOperationContext context, SwarmSession swarm, ServiceOptions options)
{
    private readonly Dictionary<string, EdgeUpdate> moving = new(StringComparer.Ordinal);
    private readonly List<EdgeUpdate> unfinished = [];

    /// <summary>Which regions leave DNS, in words; empty for none.</summary>
    public string Words =>
        moving.Values.Where(edge => edge.IsNeeded).Select(edge => $"'{edge.Region}'").ToList() is { Count: > 0 } regions
            ? $"; each of these regions leaves DNS while its service is moved: {string.Join(", ", regions)}"
            : "";

    /// <summary>Finds them, and the regions that an interrupted rotation left out after it had moved their service.</summary>
    /// <exception cref="SwarmOpsException">The errors of the DNS and the transport.</exception>
    public async Task FindAsync(RotationPlan plan, IReadOnlyList<ServiceState> services)
    {
        if (options.Traffic is null)
            return;
        foreach (var service in services.Where(service => service.Labels.ContainsKey(EdgeRules.NameLabel)))
        {
            var isMoved = plan.Services.Any(other => other.Id == service.Id);
            if (!isMoved && !StoredReferences.Uses(service.Spec, plan.Newest))
                continue;
            if (await EdgeUpdate.FindAsync(context, swarm, service, isMoved, options).ConfigureAwait(false) is not { } edge)
                continue;
            if (isMoved)
                moving[service.Id] = edge;
            else
                unfinished.Add(edge);
        }
    }

    /// <summary>Brings back what an interrupted rotation left out.</summary>
    /// <exception cref="SwarmOpsException">It is not seen healthy in time.</exception>
    public async Task FinishAsync()
    {
        foreach (var edge in unfinished)
            if (await edge.AgreesToReturnAsync().ConfigureAwait(false))
                await edge.ReturnAsync().ConfigureAwait(false);
    }

    /// <summary>Takes a service's region out of DNS.</summary>
    /// <exception cref="SwarmOpsException">The region may still be answered; or no other healthy region is left.</exception>
    public Task LeaveAsync(ServiceState service) =>
        moving.GetValueOrDefault(service.Id) is { IsNeeded: true } edge ? edge.LeaveAsync() : Task.CompletedTask;

    /// <summary>Brings a service's region back.</summary>
    /// <exception cref="SwarmOpsException">It is not seen healthy in time.</exception>
    public Task ReturnAsync(ServiceState service) =>
        moving.GetValueOrDefault(service.Id) is { } edge ? edge.ReturnAsync() : Task.CompletedTask;

    /// <summary>Brings the region of a service that was rolled back into DNS again, if it is healthy.</summary>
    /// <returns>What became of it, to be added to the error; empty when the service is no edge.</returns>
    public async Task<string> ReturnAfterFailureAsync(ServiceState service)
    {
        if (moving.GetValueOrDefault(service.Id) is not { } edge)
            return "";
        try
        {
            await edge.ReturnAsync().ConfigureAwait(false);
            return "";
        }
        catch (SwarmOpsException error)
        {
            return $"; its region '{edge.Region}' stays out of DNS: {error.Message.TrimEnd('.')}";
        }
    }
}
