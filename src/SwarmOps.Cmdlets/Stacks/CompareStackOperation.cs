using SwarmOps.Pipeline;
using SwarmOps.Stacks.Planning;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks;

/// <summary>Compares the files of a stack with a swarm, and changes nothing.</summary>
internal sealed class CompareStackOperation(IOperationContext context, StackFileRequest request)
{
    /// <summary>Writes the differences to the pipeline; what stands against a deployment is an error.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="StackErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var (stack, name) = StackFileReader.Read(context, request.Files);
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var (plan, findings) = await new StackPlanner(context, swarm, request.Options, request.Facts)
            .TryPlanAsync(stack, name)
            .ConfigureAwait(false);
        foreach (var change in plan.Changes)
            context.WriteObject(change.Describe(plan.Names, swarm.SwarmId));
        if (findings.Count > 0)
            context.WriteError(StackErrors.StackCheckFailed(name, findings));
    }
}
