using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>Maintains the nodes of a swarm, one after the other, each suspended meanwhile.</summary>
internal sealed class InvokeMaintenanceOperation(IOperationContext context, InvokeMaintenanceRequest request)
{
    /// <summary>Runs it and writes the journal to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="MaintenanceErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        RefuseMismatch();
        var swarm = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        using var journal = new MaintenanceJournal(swarm);
        await journal.ReadAsync().ConfigureAwait(false);
        await new MaintenanceRun(context, request, swarm, journal).RunAsync().ConfigureAwait(false);
    }

    private void RefuseMismatch()
    {
        var isEngine = request.Action == SwarmMaintenanceAction.Engine;
        if (!isEngine && request.Action == SwarmMaintenanceAction.Script != request.Script is not null)
            throw MaintenanceErrors.MaintenanceScriptMismatch(request.Action);
        if (isEngine ? request is { Script: not null, EngineVersion: null } : request.EngineVersion is not null)
            throw MaintenanceErrors.MaintenanceVersionMismatch(request.Action);
    }
}
