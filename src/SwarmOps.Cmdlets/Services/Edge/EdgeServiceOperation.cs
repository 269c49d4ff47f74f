using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Edge;

/// <summary>Creates or updates an edge service one region at a time. Each region must converge before the next one starts, so a bad change stops in the first.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="options">How the services are deployed.</param>
internal sealed class EdgeServiceOperation(IOperationContext context, ServiceOptions options)
{
    /// <summary>Whether each region runs one task; otherwise each of its nodes runs one.</summary>
    public bool OnePerRegion { get; init; }

    /// <summary>Runs the operation and writes each region's service to the pipeline.</summary>
    /// <param name="nodes">Nodes of the swarm.</param>
    /// <param name="request">The request.</param>
    /// <param name="given">The regions in update order; if empty, all regions of the swarm in order of name.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="EdgeErrors"/>, <see cref="ServiceErrors"/> and the transport.</exception>
    public async Task RunAsync(IReadOnlyList<SwarmNode> nodes, ServiceRequest request, IReadOnlyList<string> given)
    {
        EdgeRules.Check(request);
        var swarm = await SwarmSession.OpenAsync(context, nodes, options.ThrottleLimit, options.Patience).ConfigureAwait(false);
        var regions = EdgeRules.Regions(request.Name, swarm.Members.Values, given);
        foreach (var region in regions)
            ServiceRules.CheckName(EdgeRules.NameIn(request.Name, region));
        await WarnAsync(swarm, request, regions).ConfigureAwait(false);
        for (var index = 0; index < regions.Count; index++)
        {
            var region = regions[index];
            context.WriteVerbose($"{request.Name}: {region} ({index + 1} of {regions.Count})");
            try
            {
                var put = new PutServiceOperation(context, options with { MountNodes = node => node.Region == region });
                await put.PutAsync(swarm, EdgeRules.In(request, region, OnePerRegion), null, mayCreate: true).ConfigureAwait(false);
            }
            catch (SwarmOpsException) when (index + 1 < regions.Count)
            {
                context.WriteWarning($"The regions {string.Join(", ", regions.Skip(index + 1))} were not changed.");
                throw;
            }
        }
    }

    private async Task WarnAsync(SwarmSession swarm, ServiceRequest request, IReadOnlyList<string> regions)
    {
        if (request.Health is null)
            context.WriteWarning($"'{request.Name}' has no -HealthCommand: unless the image defines a health check, a task counts as healthy as soon as its process runs.");
        var networks = request.Networks is { Count: > 0 } ? await swarm.ReadNetworksAsync().ConfigureAwait(false) : [];
        foreach (var network in networks.Where(network => request.Networks!.Any(wanted => wanted.Name == network.Name)))
        {
            if (network.Driver == "overlay" && network.Options?.ContainsKey("encrypted") is not true)
                context.WriteWarning($"The network '{network.Name}' is not encrypted: traffic of '{request.Name}' on it crosses the internet unencrypted. Use New-EncryptedOverlay to create an encrypted network.");
        }

        var own = regions.Select(region => EdgeRules.NameIn(request.Name, region)).ToHashSet();
        foreach (var left in (await ServiceReader.ListAsync(swarm).ConfigureAwait(false)).Where(service => service.Labels.GetValueOrDefault(EdgeRules.NameLabel) == request.Name && !own.Contains(service.Name)))
            context.WriteWarning($"The service '{left.Name}' of '{request.Name}' belongs to none of these regions and was not changed. To remove it, use Remove-SwarmService.");
    }
}
