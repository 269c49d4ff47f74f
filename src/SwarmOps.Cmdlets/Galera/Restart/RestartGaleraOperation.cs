using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Restart;

/// <summary>Restarts a cluster's nodes one at a time, each Synced again before the next, and stops at the first error.</summary>
internal sealed class RestartGaleraOperation(IOperationContext context, RestartGaleraRequest request)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Restarts one cluster and writes it to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="RestartErrors"/>, <see cref="GaleraErrors"/>, of services and the transport.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit, Patience).ConfigureAwait(false);
        var reader = new GaleraReader(swarm, request.ThrottleLimit, request.Login);
        if (!(await reader.ServicesAsync().ConfigureAwait(false)).Contains(request.Name))
            throw GaleraErrors.GaleraNotFound(request.Name, swarm.SwarmId);
        var (change, registryAuth) = await PinImageAsync(swarm).ConfigureAwait(false);
        await new RestartRun(context, request, change, registryAuth, swarm, reader).RunAsync().ConfigureAwait(false);
    }

    private async Task<(RestartChange Change, string? RegistryAuth)> PinImageAsync(SwarmSession swarm)
    {
        var change = request.Change;
        if (change.Image is not { } image)
            return (change, null);
        var registryAuth = change.Registry is { } registry
            ? await registry.HeaderAsync(image, context.CancellationToken).ConfigureAwait(false)
            : null;
        var resolver = new ReferenceResolver(swarm, registryAuth) { SkipImage = change.SkipImage };
        var found = await resolver.ResolveAsync(new ServiceRequest { Name = request.Name, Image = image }).ConfigureAwait(false);
        return (change with { Image = found.PinnedImage ?? image }, registryAuth);
    }
}
