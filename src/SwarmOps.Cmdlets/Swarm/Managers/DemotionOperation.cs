using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>Demotes managers, one verified demotion after another.</summary>
internal sealed class DemotionOperation(IOperationContext context, DemotionRequest request)
{
    /// <summary>Runs it and emits the nodes as they are afterwards.</summary>
    public async Task RunAsync()
    {
        RefuseBadCount();
        var session = await SwarmSession
            .FindAsync(context, NodeSet.Union(request.Nodes, request.Managers), request.ThrottleLimit, request.Timeout)
            .ConfigureAwait(false);
        await new DemotionRun(context, request, session).RunAsync().ConfigureAwait(false);
    }

    private void RefuseBadCount()
    {
        if (request.ManagerCount is < 1)
            throw ManagerErrors.ManagerCountInvalid(request.ManagerCount.Value);
        if (request.ManagerCount is { } count && count % 2 == 0 && !request.Force)
            throw ManagerErrors.EvenManagerCount(count);
    }
}
