using System.Text.Json.Nodes;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Removal;

/// <summary>The removal of a cluster from a swarm that has been found.</summary>
internal sealed class GaleraRemovalRun(IOperationContext context, RemoveGaleraRequest request, SwarmSession swarm)
{
    /// <summary>Runs it.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNotFound</c>, <c>GaleraDataOutOfReach</c>, <c>GaleraDataUnlike</c>, those of services and the transport.</exception>
    public async Task RunAsync()
    {
        IReadOnlyList<ServiceState> services =
        [
            .. (await new GaleraReader(swarm, request.Options.ThrottleLimit).ServicesAsync().ConfigureAwait(false))[request.Name],
        ];
        var note = await StoredItems
            .FindAsync(swarm.Manager, StoredKind.Config, RemovalNote.ConfigName(request.Name), context.CancellationToken)
            .ConfigureAwait(false);
        var secrets = request.RemoveSecret ? await SecretsAsync(services).ConfigureAwait(false) : [];
        if (services.Count == 0 && note is null && secrets.Count == 0)
            throw GaleraErrors.GaleraNotFound(request.Name, swarm.SwarmId);

        var data = new DataRemoval(context, request.Options.ThrottleLimit);
        var places =
            !request.RemoveData ? []
            : note is not null ? RemovalNote.Read(note)
            : RemovalNote.Of(services, swarm);
        var directories = await data.LookAsync(places, swarm.Nodes).ConfigureAwait(false);
        if (!await RemoveServicesAsync(services, note is null ? places : [], Further(directories, secrets)).ConfigureAwait(false))
            return;
        var isGone = request.RemoveData && await data.RemoveAsync(directories).ConfigureAwait(false);
        foreach (var secret in secrets)
            await RemoveStoredAsync(secret).ConfigureAwait(false);
        await RemoveConfigsAsync(isGone).ConfigureAwait(false);
    }

    /// <summary>What is removed after the services, each with its own confirmation; -WhatIf shows it with the first one.</summary>
    private static string Further(IReadOnlyList<FoundData> directories, IReadOnlyList<StoredItem> secrets)
    {
        var items = directories
            .Select(directory => $"{directory.Path} on {directory.Node.Name} ({directory.Kilobytes / 1024} MiB)")
            .Concat(secrets.Select(secret => $"the secret '{secret.ObjectName}'"));
        var words = string.Join(", ", items);
        return words.Length > 0 ? $", then {words}" : "";
    }

    /// <summary>Removes all services at once, so that no single node remains that still accepts writes.</summary>
    /// <returns>Whether they were removed.</returns>
    private async Task<bool> RemoveServicesAsync(IReadOnlyList<ServiceState> services, IReadOnlyList<DataPlace> places, string further)
    {
        if (services.Count == 0)
            return true;
        var names = string.Join(", ", services.Select(service => service.Name));
        if (
            !await context
                .ShouldProcessAsync($"swarm {swarm.SwarmId}", $"Remove the Galera cluster '{request.Name}' (services {names}){further}")
                .ConfigureAwait(false)
        )
            return false;
        // The labels with the data's location are removed with the services.
        if (places.Count > 0)
            await StoredItems
                .CreateAsync(
                    swarm.Manager,
                    StoredKind.Config,
                    RemovalNote.ConfigName(request.Name),
                    1,
                    Labels,
                    RemovalNote.Write(places),
                    context.CancellationToken
                )
                .ConfigureAwait(false);
        var removal = new ServiceRemoval(context, swarm, request.Options);
        await Task.WhenAll(services.Select(removal.RunAsync)).ConfigureAwait(false);
        return true;
    }

    /// <summary>Secrets that were created for the cluster or are used by its services, except those that other services use, too.</summary>
    private async Task<IReadOnlyList<StoredItem>> SecretsAsync(IReadOnlyList<ServiceState> services)
    {
        var own = services.Select(service => service.Name).ToHashSet();
        var read = services
            .SelectMany(service => service.Template?["ContainerSpec"]?["Secrets"] as JsonArray ?? [])
            .Select(secret => (string?)secret?["SecretID"])
            .ToHashSet();
        var users = await StoredItems.UsersAsync(swarm.Manager, StoredKind.Secret, context.CancellationToken).ConfigureAwait(false);
        var all = await StoredItems.ListAsync(swarm.Manager, StoredKind.Secret, context.CancellationToken).ConfigureAwait(false);
        return
        [
            .. all.Where(secret =>
                (read.Contains(secret.Id) || secret.Labels.GetValueOrDefault(GaleraNames.ClusterLabel) == request.Name)
                && users[secret.Id].All(own.Contains)
            ),
        ];
    }

    /// <summary>Removes scripts, which clusters share, that no service uses any more. The note is removed last, when nothing else remains to be done.</summary>
    private async Task RemoveConfigsAsync(bool isDataGone)
    {
        var users = await StoredItems.UsersAsync(swarm.Manager, StoredKind.Config, context.CancellationToken).ConfigureAwait(false);
        var all = await StoredItems.ListAsync(swarm.Manager, StoredKind.Config, context.CancellationToken).ConfigureAwait(false);
        var unused = all.Where(config => config.Labels.ContainsKey(GaleraNames.ClusterLabel) && !users[config.Id].Any());
        foreach (var config in unused.Where(config => GaleraScript.IsConfigName(config.Name)))
            await RemoveStoredAsync(config).ConfigureAwait(false);
        // It is kept for a later run while anything remains.
        if (isDataGone && all.FirstOrDefault(config => config.Name == RemovalNote.ConfigName(request.Name)) is { } note)
            await StoredItems.RemoveAsync(swarm.Manager, note, context.CancellationToken).ConfigureAwait(false);
    }

    private async Task RemoveStoredAsync(StoredItem item)
    {
        if (
            await context
                .ShouldProcessAsync($"swarm {swarm.SwarmId}", $"Remove the {item.Kind.Noun} '{item.ObjectName}'")
                .ConfigureAwait(false)
        )
            await StoredItems.RemoveAsync(swarm.Manager, item, context.CancellationToken).ConfigureAwait(false);
    }

    private Dictionary<string, string> Labels => new() { [GaleraNames.ClusterLabel] = request.Name };
}
