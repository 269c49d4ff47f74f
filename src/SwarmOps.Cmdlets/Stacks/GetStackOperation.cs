using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks;

/// <summary>Reads stacks of a swarm, whoever deployed them.</summary>
internal sealed class GetStackOperation(IOperationContext context, GetStackRequest request)
{
    /// <summary>Writes the stacks to the pipeline; a name that no stack has is an error.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var names = new NameChoice(request.Names);
        var stacks = await StackReport.ReadAsync(swarm, name => names.Takes(name)).ConfigureAwait(false);
        foreach (var name in names.Missing)
            context.WriteError(StackErrors.StackNotFound(name, swarm.SwarmId));
        foreach (var stack in stacks)
            await context.WriteObjectAsync(stack).ConfigureAwait(false);
    }
}
