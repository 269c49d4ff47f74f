using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks.Planning;

/// <summary>Compares a stack with the swarm, and checks everything that can be known before a change.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="options">How services are deployed.</param>
/// <param name="facts">What the cmdlet has found out already.</param>
internal sealed class StackPlanner(IOperationContext context, SwarmSession swarm, ServiceOptions options, StackFacts facts)
{
    private readonly StackFindings findings = new();

    /// <summary>Whether what the files do not have is removed.</summary>
    public bool Prunes { get; init; }

    /// <summary>The plan.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="SwarmOpsException"><c>StackCheckFailed</c> with everything that was found, <c>StackRegistriesSeveral</c>, <c>RegistryLoginRefused</c>, the transport's errors.</exception>
    public async Task<StackPlan> PlanAsync(StackDefinition stack, string name)
    {
        var (plan, found) = await TryPlanAsync(stack, name).ConfigureAwait(false);
        return found.Count == 0 ? plan : throw StackErrors.StackCheckFailed(name, found);
    }

    /// <summary>The plan, and what stands against it.</summary>
    /// <exception cref="SwarmOpsException">As for <see cref="PlanAsync"/>, without the first.</exception>
    public async Task<(StackPlan Plan, IReadOnlyList<(string Problem, string Remedy)> Findings)> TryPlanAsync(
        StackDefinition stack,
        string name
    )
    {
        var names = new StackNames(name);
        stack = StackRegions.Expand(stack, names, swarm.Members.Values, findings);
        var reading = StackState.ReadAsync(swarm);
        var images = new ImagePlanner(context, swarm, options, facts).PlanAsync(stack);
        await Task.WhenAll(reading, images, StoredPlanner.HashAsync(stack, names, facts, swarm)).ConfigureAwait(false);
        var state = await reading.ConfigureAwait(false);
        var networks = new NetworkPlanner(names, state, findings).Plan(stack);
        var stored = new StoredPlanner(swarm, names, state, facts, findings) { Expected = PartPlanner.SecretsOf(stack) };
        var parts = new PartPlanner(context, swarm, options, names, state, findings).PlanAsync(stack, networks);
        var secrets = stored.PlanAsync(StoredKind.Secret, stack.Secrets);
        var configs = stored.PlanAsync(StoredKind.Config, stack.Configs);
        await Task.WhenAll(secrets, configs, parts).ConfigureAwait(false);
        List<StoredStep> files = [.. await secrets.ConfigureAwait(false), .. await configs.ConfigureAwait(false)];
        var pinned = await images.ConfigureAwait(false);
        var known = NamesById(state);
        var services = Services(stack, names, state, files, pinned, known);
        foreach (var step in services)
            ImagePlanner.Check(pinned[step.Service.Image], step, findings);
        var surplus = Surplus(state.Of(name), services, networks, files);
        Check(state, services, surplus);
        var volumes = new VolumePlanner(swarm, names, state, options.ThrottleLimit, findings).PlanAsync(stack, services);
        await Task.WhenAll(
                volumes,
                new HostPortPlanner(swarm, state, options.ThrottleLimit, findings).CheckAsync(services),
                new CapacityPlanner(swarm, state, findings).CheckAsync(services)
            )
            .ConfigureAwait(false);
        return (
            new StackPlan
            {
                Names = names,
                Networks = networks,
                Stored = files,
                Volumes = await volumes.ConfigureAwait(false),
                Services = services,
                Parts = await parts.ConfigureAwait(false),
                Outdated = Outdated(state, names, services, surplus, files),
                Surplus = surplus,
                Prunes = Prunes,
                NameOf = id => known.GetValueOrDefault(id),
            },
            findings.All
        );
    }

    private static Dictionary<string, string> NamesById(StackState state) =>
        state
            .Networks.Select(network => (network.ID, network.Name))
            .Concat(state.Configs.Select(config => (ID: config.Id, Name: config.ObjectName)))
            .GroupBy(pair => pair.ID)
            .ToDictionary(group => group.Key, group => group.First().Name, StringComparer.Ordinal);

    private static List<ServiceStep> Services(
        StackDefinition stack,
        StackNames names,
        StackState state,
        List<StoredStep> files,
        IReadOnlyDictionary<string, PlannedImage> images,
        Dictionary<string, string> known
    )
    {
        var specs = new StackServiceSpec(stack, names, new StackReferences(ByKey(StoredKind.Secret), ByKey(StoredKind.Config)));
        var present = state.Services.GroupBy(service => service.Name).ToDictionary(group => group.Key, group => group.First());
        return
        [
            .. stack.Services.Select(service =>
            {
                var name = names.Scoped(service.Key);
                var own = present.GetValueOrDefault(name);
                var image = images[service.Image];
                var wanted = specs.Create(service);
                ImagePlanner.Apply(wanted, image, service, own);
                if (own?.Template?["ForceUpdate"] is { } forced)
                    wanted["TaskTemplate"]!["ForceUpdate"] = forced.DeepClone();
                return new ServiceStep(service, name, wanted, own, own is null ? [] : Differences(own, wanted, known))
                {
                    Login = image.Login,
                };
            }),
        ];

        // Names in place of ids: objects that are still to be created have none.
        Dictionary<string, (string, string)> ByKey(StoredKind kind) =>
            files
                .Where(step => step.Kind == kind)
                .ToDictionary(step => step.File.Key, step => (step.Name, step.Name), StringComparer.Ordinal);
    }

    private static IReadOnlyList<string> Differences(ServiceState present, JsonObject wanted, Dictionary<string, string> known)
    {
        string[] predefined = ["host", "bridge", "none"];
        var unlisted = (wanted["TaskTemplate"]?["Networks"] as JsonArray ?? [])
            .Select(network => (string?)network?["Target"])
            .FirstOrDefault(target => predefined.Contains(target));
        return SpecDifferences.List(
            NamedSpec.Of(present.Spec, id => known.GetValueOrDefault(id), unlisted),
            NamedSpec.Of(wanted, _ => null, null)
        );
    }

    private static StackState Surplus(
        StackState own,
        List<ServiceStep> services,
        IReadOnlyList<NetworkStep> networks,
        List<StoredStep> files
    )
    {
        var kept = services.Select(step => step.Name).ToHashSet(StringComparer.Ordinal);
        var attached = networks.Select(step => step.Name).ToHashSet(StringComparer.Ordinal);
        return new StackState(
            [.. own.Services.Where(service => !kept.Contains(service.Name))],
            [.. own.Networks.Where(network => !attached.Contains(network.Name))],
            [.. own.Secrets.Where(item => !files.Any(step => step.Kind == item.Kind && step.IsVersion(item)))],
            [.. own.Configs.Where(item => !files.Any(step => step.Kind == item.Kind && step.IsVersion(item)))]
        );
    }

    /// <summary>Versions that only services of the plan use, which move to other ones.</summary>
    private List<StoredItem> Outdated(
        StackState state,
        StackNames names,
        List<ServiceStep> services,
        StackState surplus,
        List<StoredStep> files
    )
    {
        var moving = services.Select(step => step.Name).ToHashSet(StringComparer.Ordinal);
        if (Prunes)
            moving.UnionWith(surplus.Services.Select(service => service.Name));
        var staying = state.Services.Where(service => !moving.Contains(service.Name)).ToList();
        var own = state.Of(names.Stack);
        return
        [
            .. own
                .Secrets.Concat(own.Configs)
                .Where(item =>
                    files.Any(step => step.Kind == item.Kind && step.IsVersion(item))
                    && files.All(step => step.Present?.Id != item.Id)
                    && !staying.Any(service => StoredReferences.Uses(service.Spec, item))
                ),
        ];
    }

    private void Check(StackState state, List<ServiceStep> services, StackState surplus)
    {
        var planned = services.Select(step => step.Name).ToHashSet(StringComparer.Ordinal);
        if (Prunes)
            planned.UnionWith(surplus.Services.Select(service => service.Name));
        var ports = new PortPlanner(swarm.View.Members, state.Services.Where(service => !planned.Contains(service.Name)), findings);
        foreach (var step in services)
        {
            if (step.Name.Length > NameForm.LongestService)
                findings.Add(
                    $"the name '{step.Name}' has more than the {NameForm.LongestService} characters that a swarm takes",
                    "Shorten the name of the service or of the stack."
                );
            if (step.Present is { } present)
                CheckPresent(step, present);
            if (step.Changes)
                CheckPlacement(step);
            ports.Check(step.Service, step.Name);
        }
    }

    private void CheckPresent(ServiceStep step, ServiceState present)
    {
        if (StackState.StackOf(present.Labels) is var stack && stack != (string?)step.Wanted["Labels"]?[StackNames.StackLabel])
            findings.Add(
                $"the service '{step.Name}' exists and {(stack is null ? "belongs to no stack" : $"belongs to the stack '{stack}'")}",
                $"Choose another name, or remove that service: Remove-SwarmService -Name {step.Name}."
            );
        else if (present.Mode != step.Service.Mode)
            findings.Add(
                $"'{step.Name}' is {present.Mode} and would become {step.Service.Mode}, and a swarm cannot change the mode of a service",
                $"Remove the service first: Remove-SwarmService -Name {step.Name}. Volumes are kept."
            );
    }

    private void CheckPlacement(ServiceStep step)
    {
        var service = step.Service;
        if (service is { Replicas: 0 })
            return;
        var meeting = swarm.View.Members.Where(member => PlacementMatch.Meets(member, service.Constraints)).ToList();
        var ready = meeting.Where(PlacementMatch.TakesTasks).ToList();
        const string remedy = "Compare with the nodes: $nodes | Get-SwarmNode | Format-List Name, State, Availability, Labels.";
        if (meeting.Count == 0)
            findings.Add($"no node meets the constraints of '{step.Name}': {string.Join(", ", service.Constraints)}", remedy);
        else if (ready.Count == 0)
            findings.Add(
                $"none of the nodes that '{step.Name}' may run on takes tasks: {string.Join(", ", meeting.Take(10).Select(Words))}",
                remedy
            );
        else if (service.MaxReplicasPerNode is { } most and > 0 && (service.Replicas ?? 1) > most * ready.Count)
            findings.Add(
                $"'{step.Name}' has {service.Replicas} replicas, at most {most} on a node, and {ready.Count} nodes that may run it",
                "Lower the number of replicas, or raise max_replicas_per_node."
            );
    }

    private string Words(NodeListResponse member) =>
        $"{swarm.Place(member.ID)} ({member.Status?.State ?? "unknown"}, {member.Spec?.Availability ?? "unknown"})";
}
