using System.Diagnostics;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Repair;

/// <summary>Repairs a cluster that does not recover by itself: after a full outage, after a split, or with a node that stays out.</summary>
internal sealed class RepairGaleraOperation(IOperationContext context, RepairGaleraRequest request)
{
    /// <summary>After a restart of all hosts the engines report "no leader" for this long (37 s was measured).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Repairs one cluster and writes it to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="RepairErrors"/>, <see cref="GaleraErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var clock = Stopwatch.StartNew();
        var swarm = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit, Patience).ConfigureAwait(false);
        var reader = new GaleraReader(swarm, request.ThrottleLimit, request.Login);
        var site = await RepairSite.FindAsync(context, swarm, reader, request.Name, request.Timeout).ConfigureAwait(false);

        try
        {
            await new RepairRun(context, site, request.Choice).RunAsync(clock).ConfigureAwait(false);
        }
        finally
        {
            await site.StartStoppedAsync().ConfigureAwait(false);
        }
    }
}
