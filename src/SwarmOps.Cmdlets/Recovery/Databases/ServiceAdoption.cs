using System.Text.Json.Nodes;
using SwarmOps.Galera;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Recovery.Databases;

/// <summary>Lets the services of a restored cluster run on the hosts that stand in for the former ones, and forget who held which data.</summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
internal sealed class ServiceAdoption(IOperationContext context, SwarmSession swarm)
{
    /// <summary>Label of a service: the backup that its cluster was restored from.</summary>
    public const string RestoredLabel = "swarmops.galera.restored";

    private const string NodeConstraint = "node.id==";

    /// <summary>Adopts one.</summary>
    /// <param name="serviceId">The service.</param>
    /// <param name="name">Its name.</param>
    /// <param name="node">The host that it is bound to; null for a global service.</param>
    /// <param name="backup">Name of the backup.</param>
    /// <returns>False when the user does not want it.</returns>
    /// <exception cref="SwarmOpsException">Those of <see cref="ServiceUpdater"/>.</exception>
    public async Task<bool> AdoptAsync(string serviceId, string name, SwarmNode? node, string backup)
    {
        if (
            !await context
                .ShouldProcessAsync($"service '{name}'", node is null ? "Start it with the restored database" : $"Run it on {node.Name}")
                .ConfigureAwait(false)
        )
            return false;
        await new ServiceUpdater(swarm)
            .UpdateAsync(serviceId, now => Adopt(now.Spec.DeepClone().AsObject(), node, backup))
            .ConfigureAwait(false);
        return true;
    }

    /// <summary>The specification on its new host.</summary>
    internal static JsonObject Adopt(JsonObject spec, SwarmNode? node, string backup)
    {
        var labels = spec.Child("Labels");
        labels.Remove(GaleraNames.HistoryLabel);
        labels.Remove(GaleraNames.HoldersLabel);
        labels[RestoredLabel] = backup;
        if (node is null)
            return spec;
        labels[GaleraNames.NodeLabel] = node.Name;
        var placement = spec.Child("TaskTemplate").Child("Placement");
        var others = (placement["Constraints"] as JsonArray ?? [])
            .Select(constraint => (string?)constraint ?? "")
            .Where(constraint =>
                !constraint.Replace(" ", "", StringComparison.Ordinal).StartsWith(NodeConstraint, StringComparison.Ordinal)
            );
        placement["Constraints"] = new JsonArray([.. others.Append(NodeConstraint + node.NodeId).Select(text => (JsonNode)text)]);
        return spec;
    }
}
