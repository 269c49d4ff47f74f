using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Edge;

/// <summary>Creates or updates an edge service one region at a time. Each region must converge before the next one starts, so a bad change stops in the first.</summary>
internal sealed class EdgeServiceOperation(IOperationContext context, EdgeServiceRequest request)
{
    /// <summary>Runs the operation and writes each region's service to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="EdgeErrors"/>, <see cref="ServiceErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var service = request.Service;
        EdgeRules.Check(service);
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var regions = EdgeRules.Regions(service.Name, swarm.Members.Values, request.Regions);
        foreach (var region in regions)
            ServiceRules.CheckName(EdgeRules.NameIn(service.Name, region));
        await WarnAsync(swarm, service, regions).ConfigureAwait(false);
        for (var index = 0; index < regions.Count; index++)
        {
            var region = regions[index];
            context.WriteVerbose($"{service.Name}: {region} ({index + 1} of {regions.Count})");
            try
            {
                var deployment = new ServiceDeployment(context, swarm, request.Options with { MountNodes = node => node.Region == region });
                await deployment.PutAsync(EdgeRules.In(service, region, request.OnePerRegion), null, mayCreate: true).ConfigureAwait(false);
            }
            catch (SwarmOpsException) when (index + 1 < regions.Count)
            {
                context.WriteWarning($"The regions {string.Join(", ", regions.Skip(index + 1))} were not changed.");
                throw;
            }
        }
    }

    private async Task WarnAsync(SwarmSession swarm, ServiceRequest service, IReadOnlyList<string> regions)
    {
        if (service.Health is null)
            context.WriteWarning(
                $"'{service.Name}' has no -HealthCommand: unless the image defines a health check, a task counts as healthy as soon as its process runs."
            );
        var networks = service.Networks is { Count: > 0 } ? await swarm.ReadNetworksAsync().ConfigureAwait(false) : [];
        foreach (var network in networks.Where(network => service.Networks!.Any(wanted => wanted.Name == network.Name)))
        {
            if (network.Driver == "overlay" && network.Options?.ContainsKey("encrypted") is not true)
                context.WriteWarning(
                    $"The network '{network.Name}' is not encrypted: traffic of '{service.Name}' on it crosses the internet unencrypted. Use New-EncryptedOverlay to create an encrypted network."
                );
        }

        var own = regions.Select(region => EdgeRules.NameIn(service.Name, region)).ToHashSet();
        foreach (
            var left in (await ServiceReader.ListAsync(swarm).ConfigureAwait(false)).Where(other =>
                other.Labels.GetValueOrDefault(EdgeRules.NameLabel) == service.Name && !own.Contains(other.Name)
            )
        )
            context.WriteWarning(
                $"The service '{left.Name}' of '{service.Name}' belongs to none of these regions and was not changed. To remove it, use Remove-SwarmService."
            );
    }
}
