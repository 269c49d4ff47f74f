using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Waits until services have converged.</summary>
internal sealed class WaitServiceOperation(IOperationContext context, WaitServiceRequest request)
{
    /// <summary>Waits for the services one at a time and writes those that converged to the pipeline; the others are reported as errors.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var networks = await ServiceReader.NetworkNamesAsync(swarm).ConfigureAwait(false);
        foreach (var name in request.Names)
        {
            try
            {
                var view = await new ServiceConvergence(swarm, request.Options.Timeout) { Stable = request.Options.Stable }
                    .WaitAsync(name)
                    .ConfigureAwait(false);
                context.WriteObject(ServiceReader.Describe(swarm, view.Service, view.Tasks, networks));
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
            }
        }
    }
}
