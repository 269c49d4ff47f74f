using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Model;
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
    /// <exception cref="SwarmOpsException"><c>StackNotDeployed</c>, <c>StackNotRestored</c>, <c>StackPartFailed</c>, the transport's errors.</exception>
    public async Task RunAsync()
    {
        try
        {
            try
            {
                var ids = await CreateAsync().ConfigureAwait(false);
                await FormAsync(isLate: false).ConfigureAwait(false);
                await DeployAsync(await WithExpectedAsync(ids).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                failures.Add(error);
            }

            if (failures.Count > 0)
            {
                var (isAsWanted, outcome) = await OutcomeAsync().ConfigureAwait(false);
                throw isAsWanted
                    ? StackErrors.StackNotDeployed(plan.Names.Stack, failures, waiting, outcome)
                    : StackErrors.StackNotRestored(plan.Names.Stack, failures, waiting, outcome);
            }

            await FinishAsync().ConfigureAwait(false);
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
            if (step is { Present: { } present } and ({ IsInUse: true } or { Network.IsExternal: true }))
                networkIds[step.Name] = present.ID;
            else if (!step.Network.IsExternal)
            {
                progress.Say($"Creating the network '{step.Name}'");
                networkIds[step.Name] = await networks.EnsureAsync(step, progress.Say).ConfigureAwait(false);
                if (networkIds[step.Name] != step.Present?.ID)
                    undo.AddNetwork(networkIds[step.Name], step.Name);
            }
        }

        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        var configs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var step in plan.Stored)
        {
            var id = step.Present?.Id;
            if (id is null && step.File.Origin == StackFileOrigin.External)
                continue;
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

    /// <summary>Runs the operations of clusters and folders, or of name servers.</summary>
    /// <exception cref="SwarmOpsException">Those of the operations.</exception>
    private async Task FormAsync(bool isLate)
    {
        foreach (var step in plan.Parts.Where(step => step.IsLate == isLate && step.Changes))
        {
            progress.Say($"Forming the {step.Words}");
            undo.AddPart(step);
            var run = new RelayedContext(context, answer: true);
            await step.Form(run).ConfigureAwait(false);
            foreach (var warning in run.Warnings)
                context.WriteWarning(warning);
            if (run.Errors.Count > 0)
                throw run.Errors[0];
        }
    }

    /// <summary>The ids with those of the secrets that clusters have created.</summary>
    private async Task<StackIds> WithExpectedAsync(StackIds ids)
    {
        var expected = plan.Stored.Where(step => step.Present is null && step.File.Origin == StackFileOrigin.External).ToList();
        if (expected.Count == 0)
            return ids;
        var secrets = new Dictionary<string, string>(ids.Secrets, StringComparer.Ordinal);
        var items = await StackState.StoredAsync(swarm, StoredKind.Secret).ConfigureAwait(false);
        foreach (var step in expected)
            secrets[step.Name] =
                items.FirstOrDefault(item => item.ObjectName == step.Name)?.Id
                ?? throw StoredErrors.StoredNotFound(StoredKind.Secret, step.Name, swarm.SwarmId);
        return ids with { Secrets = secrets };
    }

    /// <summary>Forms what needs the services. They have converged, so a failure does not roll them back.</summary>
    /// <exception cref="SwarmOpsException"><c>StackPartFailed</c>.</exception>
    private async Task FinishAsync()
    {
        try
        {
            await FormAsync(isLate: true).ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
        {
            throw StackErrors.StackPartFailed(plan.Names.Stack, error);
        }
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

            var (id, known, detour) = await PutAsync(step, ids).ConfigureAwait(false);
            // Who depends on it goes on when it runs; that it stays so is watched meanwhile. The next region of an edge service waits until this one is back in DNS.
            if (isNeeded && detour is null)
            {
                await WaitAsync(step, id, known, TimeSpan.Zero).ConfigureAwait(false);
                own.TrySetResult(true);
            }

            if (step.Changes || !isNeeded)
                await WaitAsync(step, id, known, step.Changes ? options.Stable : options.Stable ?? TimeSpan.Zero).ConfigureAwait(false);
            if (detour is not null)
                await detour.ReturnAsync().ConfigureAwait(false);
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
    /// <returns>Its id, its tasks from before, and what keeps clients away from its region; null for nothing.</returns>
    private async Task<(string Id, IReadOnlySet<string> Known, EdgeUpdate? Detour)> PutAsync(ServiceStep step, StackIds ids)
    {
        if (step.Present is { } unchanged && !step.Changes)
            return (unchanged.Id, new HashSet<string>(), null);
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
            return (made, new HashSet<string>(), null);
        }

        var tasks = await ServiceReader.TasksAsync(swarm, [present.Id]).ConfigureAwait(false);
        var found = await EdgeUpdate.FindAsync(context, swarm, present, ids.Fill(step.Wanted, present.Spec), options).ConfigureAwait(false);
        undo.AddUpdated(step, found);
        if (found is { IsNeeded: true })
        {
            progress.Say($"Taking the region '{found.Region}' of '{step.Name}' out of DNS");
            await found.LeaveAsync().ConfigureAwait(false);
        }

        await updater.UpdateAsync(present.Id, now => IfOurs(now, step, ids)).ConfigureAwait(false);
        return (present.Id, tasks.Select(task => task.Id).ToHashSet(), found);
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

    /// <summary>What became of the services, and whether that is what the user wants after a failure.</summary>
    private async Task<(bool IsAsWanted, string Words)> OutcomeAsync()
    {
        if (!RollsBack)
        {
            undo.TellRegionsOut();
            return (true, "-RollbackOnFailure is off: the services stay as they are. Fix the problem, then run the same command again.");
        }

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
