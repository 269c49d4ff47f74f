using SwarmOps.Pipeline;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Changes existing services one at a time.</summary>
internal sealed class UpdateServiceOperation(IOperationContext context, UpdateServiceRequest request)
{
    /// <summary>
    /// Changes the services and writes them to the pipeline. A failure is reported and the remaining services are still changed, except for other regions of the same edge service.
    /// </summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="ServiceErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        foreach (var name in request.Names)
            ServiceRules.Check(request.Service with { Name = name });
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var deployment = new ServiceDeployment(context, swarm, request.Options);
        var edges = request.Names.Count > 1 ? await EdgesAsync(swarm).ConfigureAwait(false) : new Dictionary<string, string>();
        var failed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in request.Names)
        {
            // What fails in one region would fail in the others, and each that fails stays out of DNS.
            if (edges.GetValueOrDefault(name) is { } edge && failed.TryGetValue(edge, out var first))
            {
                context.WriteError(EdgeErrors.EdgeUpdateStopped(name, first));
                continue;
            }

            try
            {
                await deployment.PutAsync(request.Service with { Name = name }, null, mayCreate: false).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
                if (edges.GetValueOrDefault(name) is { } group)
                    failed.TryAdd(group, name);
            }
        }
    }

    /// <summary>The edge service of each of its services, by name.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> EdgesAsync(SwarmSession swarm) =>
        (await ServiceReader.ListAsync(swarm).ConfigureAwait(false))
            .Where(service => service.Labels.ContainsKey(EdgeRules.NameLabel))
            .ToDictionary(service => service.Name, service => service.Labels[EdgeRules.NameLabel], StringComparer.Ordinal);
}
