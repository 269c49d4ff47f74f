using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Overlay;

/// <summary>The users of an overlay network.</summary>
/// <param name="Staying">Services and standalone containers, as text.</param>
/// <param name="Leaving">Containers of services that are already removed: they end by themselves.</param>
internal sealed record OverlayUsers(IReadOnlyList<string> Staying, IReadOnlyList<string> Leaving)
{
    /// <summary>The label of every task's container that holds the service's id (moby).</summary>
    private const string ServiceLabel = "com.docker.swarm.service.id";

    /// <summary>Reads the services from the manager and the running containers from every member.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<OverlayUsers> FindAsync(
        IOperationContext context, SwarmSession swarm, IReadOnlyList<NodeObservation> members, OverlayNetwork network, int throttleLimit)
    {
        var listing = swarm.View.Manager.AskAsync(engine => engine.Swarm.ListServicesAsync(null, context.CancellationToken), context.CancellationToken);
        var containers = await NodeSet.ForEachAsync(context, members.Select(member => member.Node).ToList(), throttleLimit, async node =>
            (Node: node, Containers: await ContainersAsync(context.Connection(node), network.Id, context.CancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        var services = (await listing.ConfigureAwait(false)).ToList();

        var staying = services.Where(service => Uses(service, network)).Select(service => $"the service '{service.Spec?.Name}'").ToList();
        var leaving = new List<string>();
        foreach (var (node, container) in containers.SelectMany(entry => entry.Containers.Select(container => (entry.Node, container))))
        {
            var name = $"the container '{container.Names?.FirstOrDefault()?.TrimStart('/') ?? container.ID}' on '{node.Name}'";
            if (container.Labels?.TryGetValue(ServiceLabel, out var serviceId) is not true)
                staying.Add(name);
            else if (services.All(service => service.ID != serviceId))
                leaving.Add(name);
        }

        return new OverlayUsers(staying, leaving);
    }

    private static bool Uses(Docker.DotNet.Models.SwarmService service, OverlayNetwork network) =>
        service.Spec?.TaskTemplate?.Networks?.Any(attachment => attachment.Target == network.Id || attachment.Target == network.Name) is true;

    private static async Task<IList<ContainerListResponse>> ContainersAsync(INodeConnection connection, string networkId, CancellationToken cancellationToken)
    {
        var parameters = new ContainersListParameters
        {
            Filters = new Dictionary<string, IDictionary<string, bool>> { ["network"] = new Dictionary<string, bool> { [networkId] = true } },
        };
        return await connection.AskAsync(engine => engine.Containers.ListContainersAsync(parameters, cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}
