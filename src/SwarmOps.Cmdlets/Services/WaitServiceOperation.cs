using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Waits until services have converged.</summary>
internal sealed class WaitServiceOperation(IOperationContext context, ServiceOptions options)
{
    /// <summary>Waits for the services one at a time and writes those that converged to the pipeline; the others are reported as errors.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync(IReadOnlyList<SwarmNode> nodes, IReadOnlyList<string> names)
    {
        var swarm = await SwarmSession.OpenAsync(context, nodes, options.ThrottleLimit, options.Patience).ConfigureAwait(false);
        var networks = await ServiceReader.NetworkNamesAsync(swarm).ConfigureAwait(false);
        foreach (var name in names)
        {
            try
            {
                var view = await new ServiceConvergence(swarm, options.Timeout) { Stable = options.Stable }.WaitAsync(name).ConfigureAwait(false);
                context.WriteObject(ServiceReader.Describe(swarm, view.Service, view.Tasks, networks));
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
            }
        }
    }
}
