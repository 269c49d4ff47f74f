using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Overlay;

/// <summary>The networks of an engine.</summary>
internal static class OverlayNetworks
{
    /// <summary>All networks that an engine lists: its local ones, and on a manager all of the swarm's.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyList<NetworkResponse>> ListAsync(INodeConnection connection, CancellationToken cancellationToken) =>
        [
            .. await connection
                .AskAsync(engine => engine.Networks.ListNetworksAsync(new NetworksListParameters(), cancellationToken), cancellationToken)
                .ConfigureAwait(false),
        ];

    /// <summary>The overlay networks that a manager lists.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyList<OverlayNetwork>> OverlaysAsync(INodeConnection manager, CancellationToken cancellationToken) =>
        [
            .. (await ListAsync(manager, cancellationToken).ConfigureAwait(false))
                .Where(OverlayNetwork.IsOverlay)
                .Select(network => new OverlayNetwork(network)),
        ];

    /// <summary>A network by its id; null when the engine does not list it.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<OverlayNetwork?> FindAsync(INodeConnection connection, string id, CancellationToken cancellationToken)
    {
        try
        {
            return new OverlayNetwork(
                await connection
                    .AskAsync(engine => engine.Networks.InspectNetworkAsync(id, cancellationToken), cancellationToken)
                    .ConfigureAwait(false)
            );
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
    }

    /// <summary>The nodes of the node set that are members of the swarm; the others are reported as errors.</summary>
    public static IReadOnlyList<NodeObservation> Members(IOperationContext context, SwarmSession swarm)
    {
        var members = new List<NodeObservation>();
        foreach (var observation in swarm.Observations)
        {
            if (observation.IsActive && swarm.View.Find(observation.NodeId) is not null)
                members.Add(observation);
            else
                context.WriteError(SwarmErrors.NodeNotInSwarm(observation.Node, swarm.View.SwarmId));
        }

        return members;
    }

    /// <summary>The nodes of the node set that are not among its members, each with the reason: it did not answer, or is not in the swarm.</summary>
    public static IReadOnlyDictionary<SwarmNode, SwarmOpsException> Absent(SwarmSession swarm, IReadOnlyList<NodeObservation> members) =>
        swarm
            .Reports.Where(report => !members.Any(member => member.Node == report.Node))
            .ToDictionary(report => report.Node, report => report.Failure ?? SwarmErrors.NodeNotInSwarm(report.Node, swarm.View.SwarmId));
}
