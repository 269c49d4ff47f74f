using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Formation;

/// <summary>A node's own part in being a member.</summary>
internal static class SwarmMembership
{
    /// <summary>
    /// Makes an engine forget its swarm, for a join that did not come to an end. Never for a working manager:
    /// that would leave a dead voter behind (moby/moby issue 30847).
    /// </summary>
    /// <exception cref="SwarmOpsException"><c>LeaveStuck</c>, the transport's errors.</exception>
    public static async Task LeaveAsync(INodeConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.TellAsync(engine => engine.Swarm.LeaveSwarmAsync(new SwarmLeaveParameters { Force = true }, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api && api.ResponseBody?.Contains("deadline exceeded", StringComparison.OrdinalIgnoreCase) is true)
        {
            throw SwarmErrors.LeaveStuck(connection.Node, error);
        }
    }
}
