using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>Writes the journal of the last maintenance to the pipeline.</summary>
internal sealed class GetMaintenanceOperation(IOperationContext context, GetMaintenanceRequest request)
{
    /// <summary>Runs it; a swarm without a journal gives nothing.</summary>
    /// <exception cref="SwarmOpsException"><c>MaintenanceJournalInvalid</c>, the transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        using var journal = new MaintenanceJournal(swarm);
        await journal.ReadAsync().ConfigureAwait(false);
        if (MaintenanceReport.Of(swarm, journal) is { } maintenance)
            context.WriteObject(maintenance);
    }
}
