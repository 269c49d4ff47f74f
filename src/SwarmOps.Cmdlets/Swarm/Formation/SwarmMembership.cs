using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Formation;

/// <summary>Membership as the node itself handles it.</summary>
internal static class SwarmMembership
{
    /// <summary>
    /// Makes an engine leave its swarm by force, for an unfinished join. Never for a working manager:
    /// that would leave an unreachable raft member behind (moby/moby issue 30847).
    /// </summary>
    /// <exception cref="SwarmOpsException"><c>LeaveStuck</c>, the transport's errors.</exception>
    public static async Task LeaveAsync(INodeConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection
                .TellAsync(
                    engine => engine.Swarm.LeaveSwarmAsync(new SwarmLeaveParameters { Force = true }, cancellationToken),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api && TransportErrors.IsDeadline(api))
        {
            throw SwarmErrors.LeaveStuck(connection.Node, error);
        }
    }
}
