using SwarmOps.Overlay;
using SwarmOps.Pipeline;
using SwarmOps.Stacks.Deploying;
using SwarmOps.Stacks.Planning;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks;

/// <summary>Brings a stack of a swarm to match its files.</summary>
internal sealed class PublishStackOperation(IOperationContext context, StackFileRequest request)
{
    /// <summary>Deploys what differs, verifies it, and writes the stack to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="StackErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var (stack, name) = StackFileReader.Read(context, request.Files);
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, $"Stack {name}", "Comparing with the swarm"));
        var plan = await new StackPlanner(context, swarm, request.Options, request.Facts) { Prunes = request.Prunes }
            .PlanAsync(stack, name)
            .ConfigureAwait(false);
        foreach (var kept in plan.Changes.Where(change => change.Change == SwarmStackChange.Keep))
            context.WriteVerbose($"The {StackChange.Noun(kept.Kind)} '{kept.Name}' is not in the file and is kept; -Prune removes it.");
        if (!await AskAsync(swarm, plan).ConfigureAwait(false))
            return;
        await new StackDeployment(context, swarm, plan, request.Options) { RollsBack = request.RollsBack }
            .RunAsync()
            .ConfigureAwait(false);
        foreach (var deployed in await StackReport.ReadAsync(swarm, found => found == name).ConfigureAwait(false))
            context.WriteObject(deployed);
    }

    /// <summary>Asks for each change. A stack is one thing: it is deployed if the user agrees to all of them.</summary>
    private async Task<bool> AskAsync(SwarmSession swarm, StackPlan plan)
    {
        var declined = 0;
        foreach (var change in plan.Work)
        {
            context.WriteVerbose(change.Action);
            if (
                !await context.ShouldProcessAsync($"stack '{plan.Names.Stack}', swarm {swarm.SwarmId}", change.Action).ConfigureAwait(false)
            )
                declined++;
        }

        if (plan.Networks.Any(step => step is { IsNew: true, IsEncrypted: true }))
            await ProvideNatRuleAsync(swarm).ConfigureAwait(false);
        if (declined > 0 && declined < plan.Work.Count)
            context.WriteWarning(
                $"{declined} of {plan.Work.Count} changes were declined, so the stack '{plan.Names.Stack}' was not changed."
            );
        return declined == 0;
    }

    /// <summary>Packets of an encrypted network arrive across NAT only with this rule.</summary>
    private async Task ProvideNatRuleAsync(SwarmSession swarm)
    {
        var repair = new NatRepair(context, request.Options.ThrottleLimit, request.Options.Timeout, NatRepair.DataPathPort(swarm));
        var members = swarm.Observations.Where(member => member.IsActive && swarm.View.Find(member.NodeId) is not null).ToList();
        await repair.ApplyAsync(await repair.ObserveAsync(members).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
