using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Removes services and waits until their containers have stopped.</summary>
internal sealed class RemoveServiceOperation(IOperationContext context, RemoveServiceRequest request)
{
    /// <summary>Removes services. A failure is reported and the remaining services are still removed.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync()
    {
        foreach (var name in request.NamesOrIds)
            ServiceRules.CheckName(name);
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        foreach (var name in request.NamesOrIds)
        {
            try
            {
                await RemoveAsync(swarm, name).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
            }
        }
    }

    private async Task RemoveAsync(SwarmSession swarm, string name)
    {
        var service =
            await ServiceReader.FindAsync(swarm, name).ConfigureAwait(false) ?? throw ServiceErrors.ServiceNotFound(name, swarm.SwarmId);
        if (!await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", $"Remove the service '{service.Name}'").ConfigureAwait(false))
            return;
        await new ServiceRemoval(context, swarm, request.Options).RunAsync(service).ConfigureAwait(false);
    }
}
