using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Planning;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks.Deploying;

/// <summary>Carries out a plan: networks, secrets and configs, then each service once those that it depends on have converged, then what is not used any more.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="plan">The plan, which the user agreed to.</param>
/// <param name="options">How services are deployed.</param>
internal sealed class StackDeployment(IOperationContext context, SwarmSession swarm, StackPlan plan, ServiceOptions options)
{
    private readonly StackNetworks networks = new(swarm, plan.Names);
    private readonly StackStore store = new(swarm, plan.Names);
    private readonly StackUndo undo = new(context, swarm, plan, options);
    private readonly StackProgress progress = new(swarm, $"Stack {plan.Names.Stack}", plan.Services.Count);
    private readonly List<SwarmOpsException> failures = [];
    private readonly List<string> waiting = [];

    /// <summary>Whether a failure restores what the services were before.</summary>
    public bool RollsBack { get; init; } = true;

    /// <summary>Deploys, and verifies.</summary>
    /// <exception cref="SwarmOpsException"><c>StackNotDeployed</c>, the transport's errors.</exception>
    public async Task RunAsync()
    {
        try
        {
            try
            {
                var ids = await CreateAsync().ConfigureAwait(false);
                await DeployAsync(ids).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                failures.Add(error);
            }

            if (failures.Count > 0)
                throw StackErrors.StackNotDeployed(plan.Names.Stack, failures, waiting, await OutcomeAsync().ConfigureAwait(false));
            await CleanUpAsync().ConfigureAwait(false);
        }
        finally
        {
            progress.End();
        }
    }

    private async Task<StackIds> CreateAsync()
    {
        var networkIds = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var step in plan.Networks)
        {
            if (step.IsNew)
            {
                progress.Say($"Creating the network '{step.Name}'");
                networkIds[step.Name] = await networks.CreateAsync(step).ConfigureAwait(false);
                undo.AddNetwork(networkIds[step.Name], step.Name);
            }
            else if (step.Present is { } present)
                networkIds[step.Name] = present.ID;
        }

        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        var configs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var step in plan.Stored)
        {
            var id = step.Present?.Id;
            if (id is null)
            {
                progress.Say($"Creating the {step.Kind.Noun} '{step.Name}'");
                id = await store.CreateAsync(step).ConfigureAwait(false);
                undo.AddStored(step.Kind, step.Name);
            }

            (step.Kind.IsSecret ? secrets : configs)[step.Name] = id;
        }

        return new StackIds(networkIds, secrets, configs);
    }

    private async Task DeployAsync(StackIds ids)
    {
        progress.Say($"Deploying {plan.Services.Count} services");
        var started = plan.Services.ToDictionary(
            step => step.Service.Key,
            _ => new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously),
            StringComparer.Ordinal
        );
        var needed = plan.Services.SelectMany(step => step.Service.DependsOn).Select(dependency => dependency.Service).ToHashSet();
        await Task.WhenAll(plan.Services.Select(step => DeployAsync(step, ids, started, needed.Contains(step.Service.Key))))
            .ConfigureAwait(false);
    }

    private async Task DeployAsync(ServiceStep step, StackIds ids, Dictionary<string, TaskCompletionSource<bool>> started, bool isNeeded)
    {
        var own = started[step.Service.Key];
        try
        {
            foreach (var dependency in step.Service.DependsOn)
            {
                if (await started[dependency.Service].Task.ConfigureAwait(false))
                    continue;
                lock (waiting)
                    waiting.Add(step.Name);
                return;
            }

            var (id, known) = await PutAsync(step, ids).ConfigureAwait(false);
            // Who depends on it goes on when it runs; that it stays so is watched meanwhile.
            if (isNeeded)
            {
                await WaitAsync(step, id, known, TimeSpan.Zero).ConfigureAwait(false);
                own.TrySetResult(true);
            }

            if (step.Changes || !isNeeded)
                await WaitAsync(step, id, known, step.Changes ? options.Stable : options.Stable ?? TimeSpan.Zero).ConfigureAwait(false);
            own.TrySetResult(true);
        }
        catch (SwarmOpsException error)
        {
            lock (failures)
                failures.Add(error);
        }
        finally
        {
            own.TrySetResult(false);
        }
    }

    /// <summary>Creates or updates a service if it differs.</summary>
    /// <returns>Its id, and its tasks from before.</returns>
    private async Task<(string Id, IReadOnlySet<string> Known)> PutAsync(ServiceStep step, StackIds ids)
    {
        if (step.Present is { } unchanged && !step.Changes)
            return (unchanged.Id, new HashSet<string>());
        if (step.Service.CreatesMountPaths)
            await new MountPaths(swarm, MountPathOptions.Create("root:root", "0755"), options.ThrottleLimit)
            {
                IsOn = node => Runs(node, step),
            }
                .MakeAsync(step.Name, step.Wanted)
                .ConfigureAwait(false);
        var updater = new ServiceUpdater(swarm, step.Login);
        if (step.Present is not { } present)
        {
            undo.AddCreated(step);
            var made = await updater.CreateAsync(ids.Fill(step.Wanted, null)).ConfigureAwait(false);
            // It exists: made by this call, whose answer was lost, or by someone else a moment ago.
            if (made == step.Name)
                await updater.UpdateAsync(made, now => IfOurs(now, step, ids)).ConfigureAwait(false);
            return (made, new HashSet<string>());
        }

        var tasks = await ServiceReader.TasksAsync(swarm, [present.Id]).ConfigureAwait(false);
        undo.AddUpdated(step);
        await updater.UpdateAsync(present.Id, now => IfOurs(now, step, ids)).ConfigureAwait(false);
        return (present.Id, tasks.Select(task => task.Id).ToHashSet());
    }

    /// <exception cref="SwarmOpsException"><c>ServiceChangedMeanwhile</c>: the service is someone else's.</exception>
    private JsonObject IfOurs(ServiceState now, ServiceStep step, StackIds ids) =>
        StackState.StackOf(now.Labels) == plan.Names.Stack
            ? ids.Fill(step.Wanted, now.Spec)
            : throw ServiceErrors.ServiceChangedMeanwhile(step.Name);

    private async Task WaitAsync(ServiceStep step, string id, IReadOnlySet<string> known, TimeSpan? stable) =>
        await new ServiceConvergence(swarm, options.Timeout)
        {
            Stable = stable,
            AfterChange = step.Changes,
            Known = known,
            Watch = progress.Show,
        }
            .WaitAsync(id)
            .ConfigureAwait(false);

    /// <summary>Whether the service may run on a node of the node set.</summary>
    private bool Runs(SwarmNode node, ServiceStep step) =>
        swarm.View.Find(node.NodeId ?? "") is not { } member || PlacementMatch.Meets(member, step.Service.Constraints);

    private async Task<string> OutcomeAsync()
    {
        if (!RollsBack)
            return "-RollbackOnFailure is off: the services stay as they are. Fix the problem, then run the same command again.";
        progress.Say("Rolling back");
        return await undo.RunAsync(progress).ConfigureAwait(false);
    }

    private async Task CleanUpAsync()
    {
        if (plan.Prunes)
        {
            foreach (var service in plan.Surplus.Services)
            {
                progress.Say($"Removing '{service.Name}', which the file does not have");
                await new ServiceRemoval(context, swarm, options).RunAsync(service).ConfigureAwait(false);
            }
        }

        foreach (var item in plan.Outdated.Concat(plan.Prunes ? plan.Surplus.Secrets.Concat(plan.Surplus.Configs) : []))
        {
            progress.Say($"Removing the {item.Kind.Noun} '{item.ObjectName}'");
            await store.RemoveAsync(item).ConfigureAwait(false);
        }

        if (!plan.Prunes)
            return;
        foreach (var network in plan.Surplus.Networks)
        {
            progress.Say($"Removing the network '{network.Name}', which the file does not have");
            await networks.RemoveAsync(network.ID, network.Name, options.Timeout).ConfigureAwait(false);
        }
    }
}
