using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>Raises the number of managers, one verified promotion after another.</summary>
internal sealed class PromotionOperation(IOperationContext context, PromotionRequest request)
{
    /// <summary>Runs it and emits the whole set as it is afterwards.</summary>
    public async Task RunAsync()
    {
        RefuseBadCount();
        var session = await SwarmSession.FindAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        await new PromotionRun(context, request, session).RunAsync().ConfigureAwait(false);
    }

    private void RefuseBadCount()
    {
        if (request.ManagerCount is < 1)
            throw ManagerErrors.ManagerCountInvalid(request.ManagerCount.Value);
        if (request.ManagerCount is { } count && count % 2 == 0 && !request.AllowEven)
            throw ManagerErrors.EvenManagerCount(count);
    }
}
