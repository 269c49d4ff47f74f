using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Location;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.GeoDns.Running;

/// <summary>
/// Brings the name servers of a zone to a definition: stores it as new versions of configs, then updates one server after the other, each verified by its own answers before the
/// next. A server whose node is not Ready is left to the swarm.
/// </summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="zones">Its zones.</param>
/// <param name="options">How services are deployed.</param>
internal sealed class GeoDnsDeployment(IOperationContext context, SwarmSession swarm, GeoDnsZones zones, ServiceOptions options)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(20);

    /// <summary>The image; null keeps the present one.</summary>
    public string? Image { get; init; }

    /// <summary>The database to copy to the hosts; null keeps the present one.</summary>
    public GeoDatabaseFile? Database { get; init; }

    /// <summary>
    /// Whether the other servers are updated, too, after one whose service did not converge: what is to leave DNS must leave it wherever that is possible. A new definition instead
    /// stops at the first server that does not take it.
    /// </summary>
    public bool Continues { get; init; }

    /// <summary>Why servers could not be brought up to date, in the order of their numbers.</summary>
    public IReadOnlyList<SwarmOpsException> Failures => failures;

    private readonly List<SwarmOpsException> failures = [];

    /// <summary>Brings the servers to a definition.</summary>
    /// <param name="wanted">The definition, with its serial.</param>
    /// <returns>Whether it was done; false if the user declined.</returns>
    /// <exception cref="SwarmOpsException">Those of services and the transport.</exception>
    public async Task<bool> RunAsync(GeoDnsDefinition wanted)
    {
        failures.Clear();
        if (!await context.InTurnAsync([() => CopyDatabaseAsync(wanted), () => StoreAsync(wanted)]).ConfigureAwait(false))
        {
            // The services mount the database and the stored zone.
            if (!context.IsWhatIf)
                return false;
            await ShowServicesAsync(wanted).ConfigureAwait(false);
            await RemoveSurplusAsync(wanted).ConfigureAwait(false);
            return false;
        }

        // Those that can be verified first: a mistake then stops in the first one.
        var servers = wanted.Servers.OrderBy(server => !IsReady(server)).ThenBy(server => server.Number);
        var steps = servers.Select<GeoDnsHost, Func<Task<bool>>>(server => () => BringAsync(wanted, server));
        if (!await context.InTurnAsync([.. steps, () => RemoveSurplusAsync(wanted)]).ConfigureAwait(false))
            return false;
        if (failures.Count == 0)
            await CleanAsync(wanted.Zone).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> CopyDatabaseAsync(GeoDnsDefinition wanted)
    {
        if (wanted.Database is not { } use)
            return true;
        var copy = new GeoDatabaseCopy(context, wanted.Zone);
        var isWhole = true;
        foreach (var server in wanted.Servers)
        {
            if (swarm.Nodes.FirstOrDefault(node => node.NodeId == server.NodeId) is not { } node)
            {
                // The server there goes on with the database that it has.
                if (Database is not null)
                    context.WriteWarning(
                        $"'{server.Node}' did not answer, so the database was not copied to it. Run the same command again when it is back."
                    );
                continue;
            }

            if (await copy.IsThereAsync(node, use).ConfigureAwait(false))
                continue;
            if (Database is null)
                throw GeoDnsErrors.GeoDatabaseNotCopied(node.Name, "it does not have the database, and -GeoDatabasePath was not specified");
            if (
                await context
                    .ShouldProcessAsync(node.Name, $"Copy the database ({use.Type}) to {GeoDnsNames.Database(wanted.Zone)}")
                    .ConfigureAwait(false)
            )
                await copy.PutAsync(node, Database).ConfigureAwait(false);
            else if (context.IsWhatIf)
                isWhole = false;
            else
                return false;
        }

        return isWhole;
    }

    private async Task<bool> StoreAsync(GeoDnsDefinition wanted)
    {
        var changed = GeoDnsServices
            .Files(wanted)
            .Select(file =>
                (Name: GeoDnsNames.Config(wanted.Zone, file.Key), Data: file.Value, Present: zones.Newest(wanted.Zone, file.Key))
            )
            .Where(file => file.Present is null || !file.Data.AsSpan().SequenceEqual(file.Present.Data))
            // The definition last: once it is stored, so is everything that belongs to it.
            .OrderBy(file => file.Name == GeoDnsNames.Config(wanted.Zone, GeoDnsZones.DefinitionFile))
            .ToList();
        if (changed.Count == 0)
            return true;
        if (
            !await context
                .ShouldProcessAsync($"swarm {swarm.SwarmId}", $"Store the zone '{wanted.Zone}' with the serial {wanted.Serial}")
                .ConfigureAwait(false)
        )
            return false;
        var labels = new Dictionary<string, string> { [GeoDnsNames.ZoneLabel] = wanted.Zone };
        foreach (var (name, data, present) in changed)
            await swarm
                .AskManagerAsync(
                    (manager, token) =>
                        StoredItems.CreateAsync(manager, StoredKind.Config, name, (present?.Version ?? 0) + 1, labels, data, token)
                )
                .ConfigureAwait(false);
        return true;
    }

    private async Task ShowServicesAsync(GeoDnsDefinition wanted)
    {
        foreach (var server in wanted.Servers)
        {
            var name = GeoDnsNames.Service(wanted.Zone, server.Number);
            var verb = zones.ServicesOf(wanted.Zone).Any(service => service.Name == name) ? "Update" : "Create";
            await context
                .ShouldProcessAsync($"swarm {swarm.SwarmId}", $"{verb} the service '{name}' (name server on {server.Node})")
                .ConfigureAwait(false);
        }
    }

    private async Task<bool> BringAsync(GeoDnsDefinition wanted, GeoDnsHost server)
    {
        var isReady = IsReady(server);
        var request = GeoDnsServices.Of(wanted, server, Image);
        var deployment = new ServiceDeployment(
            context,
            swarm,
            options with
            {
                NoWait = !isReady,
                Stable = TimeSpan.Zero,
                MountNodes = node => node.NodeId == server.NodeId,
            }
        );
        context.WriteProgress(
            new OperationProgress(
                0,
                wanted.Zone,
                $"Updating the name server on {server.Node}",
                100 * (server.Number - 1) / wanted.Servers.Count
            )
        );
        try
        {
            if (await deployment.BringAsync(request, null, mayCreate: true).ConfigureAwait(false) is null)
                return false;
        }
        catch (SwarmOpsException error)
            when (Continues && error.ErrorId is nameof(ServiceErrors.ServiceUpdateFailed) or nameof(ServiceErrors.ServiceNotConverged))
        {
            failures.Add(error);
            return true;
        }

        if (!isReady)
            failures.Add(GeoDnsErrors.GeoDnsServerNotReady(wanted.Zone, wanted.HostName(server), server.Node));
        else if (await VerifyAsync(wanted, server).ConfigureAwait(false) is { } why)
            failures.Add(GeoDnsErrors.GeoDnsServerSilent(wanted.Zone, wanted.HostName(server), server.Node, why));
        return true;
    }

    /// <summary>Waits until a server answers with the wanted serial over both protocols.</summary>
    /// <returns>Why it could not be verified; null when it was.</returns>
    private async Task<string?> VerifyAsync(GeoDnsDefinition wanted, GeoDnsHost server)
    {
        var questions = new ServerQuestions(wanted, context.CancellationToken);
        string why = "";
        var verified = await Polling
            .UntilAsync(
                async () =>
                {
                    var view = await questions.SerialAsync(server).ConfigureAwait(false);
                    why =
                        view.Error
                        ?? (view.Serial == wanted.Serial ? "" : $"it still answers with the serial {view.Serial}, not {wanted.Serial}");
                    return why.Length == 0 ? view : null;
                },
                AnswerTime,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return verified is null ? why : null;
    }

    private Task<bool> RemoveSurplusAsync(GeoDnsDefinition wanted)
    {
        var kept = wanted.Servers.Select(server => GeoDnsNames.Service(wanted.Zone, server.Number)).ToHashSet(StringComparer.Ordinal);
        var surplus = zones.ServicesOf(wanted.Zone).Where(service => !kept.Contains(service.Name));
        return context.InTurnAsync(surplus.Select<ServiceState, Func<Task<bool>>>(service => () => RemoveAsync(service)));
    }

    private async Task<bool> RemoveAsync(ServiceState service)
    {
        if (!await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", $"Remove the service '{service.Name}'").ConfigureAwait(false))
            return false;
        await new ServiceRemoval(context, swarm, options with { NoWait = true }).RunAsync(service).ConfigureAwait(false);
        return true;
    }

    /// <summary>Removes the versions of configs that no service uses any more.</summary>
    private async Task CleanAsync(string zone)
    {
        var now = await GeoDnsZones.ReadAsync(swarm).ConfigureAwait(false);
        await StoredCleaning.RemoveUnusedAsync(swarm, now.ConfigsOf(zone), asks: true).ConfigureAwait(false);
    }

    private bool IsReady(GeoDnsHost server) => swarm.View.Find(server.NodeId) is { Status.State: "ready" };
}
