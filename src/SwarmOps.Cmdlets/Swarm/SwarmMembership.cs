using Docker.DotNet.Models;
using SwarmOps.Transport;

namespace SwarmOps.Swarm;

/// <summary>A node's own part in being a member.</summary>
internal static class SwarmMembership
{
    /// <summary>
    /// Makes an engine forget its swarm, for a join that did not come to an end. Never for a working manager:
    /// that would leave a dead voter behind (moby/moby issue 30847).
    /// </summary>
    public static Task LeaveAsync(INodeConnection connection, CancellationToken cancellationToken) =>
        connection.TellAsync(engine => engine.Swarm.LeaveSwarmAsync(new SwarmLeaveParameters { Force = true }, cancellationToken), cancellationToken);
}
