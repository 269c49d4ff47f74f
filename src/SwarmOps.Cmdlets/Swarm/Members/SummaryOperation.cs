using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Members;

/// <summary>Queries every manager of a node set and summarizes their views.</summary>
internal sealed class SummaryOperation(IOperationContext context, SummaryRequest request)
{
    /// <summary>Runs it and emits the summary.</summary>
    public async Task RunAsync()
    {
        var session = await SwarmSession.FindAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        context.WriteObject(await new SummaryReader(context, request.ThrottleLimit).ReadAsync(session).ConfigureAwait(false));
    }
}
