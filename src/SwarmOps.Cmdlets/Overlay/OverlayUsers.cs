using System.Text.Json.Nodes;
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
        IOperationContext context,
        SwarmSession swarm,
        IReadOnlyList<NodeObservation> members,
        OverlayNetwork network,
        int throttleLimit
    )
    {
        var listing = swarm.View.Manager.AskJsonAsync(
            api => api.GetAsync("/services", context.CancellationToken),
            context.CancellationToken
        );
        var containers = await NodeSet
            .ForEachAsync(
                context,
                members.Select(member => member.Node).ToList(),
                throttleLimit,
                async node =>
                    (
                        Node: node,
                        Containers: await ContainersAsync(context.Connection(node), network.Id, context.CancellationToken)
                            .ConfigureAwait(false)
                    )
            )
            .ConfigureAwait(false);
        var services = (await listing.ConfigureAwait(false) as JsonArray ?? []).OfType<JsonNode>().ToList();

        var staying = services
            .Where(service => Uses(service, network))
            .Select(service => $"the service '{(string?)service["Spec"]?["Name"]}'")
            .ToList();
        var leaving = new List<string>();
        foreach (var (node, container) in containers.SelectMany(entry => entry.Containers.Select(container => (entry.Node, container))))
        {
            var name =
                $"the container '{((string?)container["Names"]?.AsArray().FirstOrDefault())?.TrimStart('/') ?? (string?)container["Id"]}' on '{node.Name}'";
            if ((string?)container["Labels"]?[ServiceLabel] is not { } serviceId)
                staying.Add(name);
            else if (services.All(service => (string?)service["ID"] != serviceId))
                leaving.Add(name);
        }

        return new OverlayUsers(staying, leaving);
    }

    private static bool Uses(JsonNode service, OverlayNetwork network) =>
        service["Spec"]?["TaskTemplate"]?["Networks"] is JsonArray networks
        && networks.Select(attachment => (string?)attachment?["Target"]).Any(target => target == network.Id || target == network.Name);

    private static Task<IReadOnlyList<JsonNode>> ContainersAsync(
        INodeConnection connection,
        string networkId,
        CancellationToken cancellationToken
    ) =>
        new EngineContainers(connection).ListAsync(
            new Dictionary<string, IEnumerable<string>> { ["network"] = [networkId] },
            all: false,
            cancellationToken
        );
}
