using SwarmOps.Pipeline;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Creates a service if it does not exist, and updates it to match the request.</summary>
internal sealed class CreateServiceOperation(IOperationContext context, CreateServiceRequest request)
{
    /// <summary>Deploys the service and writes it to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="ServiceErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        ServiceRules.Check(request.Service);
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        await new ServiceDeployment(context, swarm, request.Options)
            .PutAsync(request.Service, request.Like, mayCreate: true)
            .ConfigureAwait(false);
    }
}
