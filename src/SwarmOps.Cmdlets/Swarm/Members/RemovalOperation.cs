using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Members;

/// <summary>Removes nodes from their swarm, or dissolves it.</summary>
internal sealed class RemovalOperation(IOperationContext context, RemovalRequest request)
{
    /// <summary>Runs it.</summary>
    public async Task RunAsync()
    {
        var session = await SwarmSession
            .LookAsync(context, NodeSet.Union(request.Nodes, request.Managers), request.Settings.ThrottleLimit, request.Settings.Timeout)
            .ConfigureAwait(false);
        await new RemovalRun(context, request, session).RunAsync().ConfigureAwait(false);
    }
}
