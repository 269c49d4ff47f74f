using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Formation;

/// <summary>Forms a Galera cluster, or adds missing nodes: one node bootstraps, the others join one at a time, each until it is Synced.</summary>
internal sealed class FormGaleraOperation(IOperationContext context, FormGaleraRequest request)
{
    /// <summary>Runs the operation and writes the cluster to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="GaleraErrors"/>, of services and the transport.</exception>
    public async Task RunAsync()
    {
        GaleraRules.Check(request.Cluster);
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var reader = new GaleraReader(swarm, request.Options.ThrottleLimit);
        await RequireOverlayAsync(swarm).ConfigureAwait(false);

        IReadOnlyList<ServiceState> services = [.. (await reader.ServicesAsync().ConfigureAwait(false))[request.Cluster.Name]];
        var wanted = GaleraPresence.WithTls(request.Cluster, services);
        GaleraPresence.Require(wanted, services);
        var cluster = GaleraPresence.Complete(wanted, services);
        await new FormationRun(context, cluster, request.Options, swarm, reader).RunAsync(services).ConfigureAwait(false);
    }

    private async Task RequireOverlayAsync(SwarmSession swarm)
    {
        var networks = await swarm.ReadNetworksAsync().ConfigureAwait(false);
        if (
            !request.ExpectsOverlay
            && !networks.Any(network => network.Name == request.Cluster.Overlay && network.Driver == "overlay" && network.Scope == "swarm")
        )
            throw GaleraErrors.GaleraOverlayNotFound(request.Cluster.Overlay, swarm.SwarmId);
    }
}
