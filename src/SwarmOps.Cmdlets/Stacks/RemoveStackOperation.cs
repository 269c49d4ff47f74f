using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Stacks.Deploying;
using SwarmOps.Stacks.Planning;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks;

/// <summary>Removes stacks: services first, then secrets and configs, then networks once they are free. Volumes and data on nodes are kept.</summary>
internal sealed class RemoveStackOperation(IOperationContext context, RemoveStackRequest request)
{
    /// <summary>Removes the stacks. A failure is reported and the remaining stacks are still removed.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        foreach (var name in request.Names)
        {
            try
            {
                await RemoveAsync(swarm, name).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
            }
        }
    }

    private async Task RemoveAsync(SwarmSession swarm, string name)
    {
        var state = await StackState.ReadAsync(swarm).ConfigureAwait(false);
        var own = WithoutShared(state, state.Of(name));
        if (!state.Stacks().Contains(name))
            throw StackErrors.StackNotFound(name, swarm.SwarmId);
        if (own.Services.Count + own.Secrets.Count + own.Configs.Count + own.Networks.Count == 0)
            return;
        if (!await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", Action(name, own)).ConfigureAwait(false))
            return;
        var (names, progress) = (new StackNames(name), new StackProgress(swarm, $"Stack {name}", own.Services.Count));
        try
        {
            progress.Say($"Removing {own.Services.Count} services");
            await Throttle
                .ForEachAsync(
                    own.Services,
                    request.Options.ThrottleLimit,
                    async service =>
                    {
                        await new ServiceRemoval(context, swarm, request.Options).RunAsync(service).ConfigureAwait(false);
                        return true;
                    },
                    context.CancellationToken
                )
                .ConfigureAwait(false);
            foreach (var item in own.Secrets.Concat(own.Configs))
            {
                progress.Say($"Removing the {item.Kind.Noun} '{item.ObjectName}'");
                await new StackStore(swarm, names).RemoveAsync(item).ConfigureAwait(false);
            }

            foreach (var network in own.Networks)
            {
                progress.Say($"Waiting until the network '{network.Name}' is free");
                await new StackNetworks(swarm, names).RemoveAsync(network.ID, network.Name, request.Options.Timeout).ConfigureAwait(false);
            }
        }
        finally
        {
            progress.End();
        }
    }

    /// <summary>Without networks that services of others use, such as a Galera cluster that was formed with the stack: they could not be removed.</summary>
    private StackState WithoutShared(StackState state, StackState own)
    {
        var others = state.Services.Except(own.Services).ToList();
        var shared = own.Networks.ToLookup(network => others.Find(service => Uses(service, network.ID)) is not null);
        foreach (var network in shared[true])
            context.WriteWarning(
                $"The network '{network.Name}' is kept, because '{others.Find(service => Uses(service, network.ID))!.Name}' uses it and does not belong to the stack. Remove-SwarmOverlay removes it afterwards."
            );
        return own with { Networks = [.. shared[false]] };
    }

    private static bool Uses(ServiceState service, string network) =>
        (service.Template?["Networks"] as JsonArray ?? []).Any(attachment => (string?)attachment?["Target"] == network);

    private static string Action(string name, StackState own)
    {
        var parts = new List<string>();
        Add("service", own.Services.Select(service => service.Name));
        Add("secret", own.Secrets.Select(item => item.ObjectName));
        Add("config", own.Configs.Select(item => item.ObjectName));
        Add("network", own.Networks.Select(network => network.Name));
        return $"Remove the stack '{name}': {string.Join("; ", parts)}. Volumes are kept";

        void Add(string noun, IEnumerable<string> objects)
        {
            if (objects.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } list)
                parts.Add($"{(list.Count == 1 ? noun : noun + "s")} {string.Join(", ", list)}");
        }
    }
}
