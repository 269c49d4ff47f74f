using SwarmOps.Pipeline;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Changes existing services one at a time.</summary>
internal sealed class UpdateServiceOperation(IOperationContext context, UpdateServiceRequest request)
{
    /// <summary>Changes the services and writes them to the pipeline. A failure is reported and the remaining services are still changed.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="ServiceErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        foreach (var name in request.Names)
            ServiceRules.Check(request.Service with { Name = name });
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var deployment = new ServiceDeployment(context, swarm, request.Options);
        foreach (var name in request.Names)
        {
            try
            {
                await deployment.PutAsync(request.Service with { Name = name }, null, mayCreate: false).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
            }
        }
    }
}
