using System.Text;
using SwarmOps.Monitoring.Definition;
using SwarmOps.Monitoring.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Monitoring.Running;

/// <summary>
/// Brings the monitoring to a definition: stores configs and secrets as new versions, creates what is missing, and changes what differs: Alertmanager and Prometheus one at a time,
/// so that the swarm is watched meanwhile.
/// </summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="store">What it has.</param>
/// <param name="options">How services are deployed.</param>
internal sealed class MonitoringDeployment(IOperationContext context, SwarmSession swarm, MonitoringStore store, ServiceOptions options)
{
    /// <summary>The configuration of Alertmanager; null keeps the present one.</summary>
    public byte[]? AlertmanagerConfig { get; init; }

    private readonly List<string> created = [];

    /// <summary>Brings it to a definition, and verifies it.</summary>
    /// <param name="wanted">The definition.</param>
    /// <returns>What every Prometheus sees then; null if the user declined.</returns>
    /// <exception cref="SwarmOpsException"><c>MonitoringNotVerified</c>, those of Galera, services and the transport.</exception>
    public async Task<IReadOnlyList<PrometheusView>?> RunAsync(MonitoringDefinition wanted)
    {
        var accounts = new GaleraAccount(context, swarm, store, options.ThrottleLimit);
        var isStored = await context
            .InTurnAsync([
                () => StoreReceiverAsync(wanted.Name),
                .. wanted.Galera.Select<MonitoredGalera, Func<Task<bool>>>(cluster => () => accounts.EnsureAsync(wanted, cluster)),
                () => StoreFilesAsync(wanted),
            ])
            .ConfigureAwait(false);
        List<(MonitoringHost? Host, ServiceRequest Request)> exporters =
        [
            .. MonitoringServices.Exporters(wanted).Select(request => ((MonitoringHost?)null, request)),
        ];
        List<(MonitoringHost? Host, ServiceRequest Request)> servers =
        [
            .. MonitoringServices.Servers(wanted).Select(server => ((MonitoringHost?)server.Host, server.Request)),
        ];
        List<string> names = [.. exporters.Concat(servers).Select(service => service.Request.Name)];
        if (!isStored)
        {
            // What is not stored, no service can be given.
            if (!context.IsWhatIf)
                return null;
            await ShowAsync(exporters.Concat(servers).Select(service => service.Request)).ConfigureAwait(false);
            await RemoveSurplusAsync(names, wanted.Name).ConfigureAwait(false);
            await DropAccountsAsync(accounts, wanted).ConfigureAwait(false);
            return null;
        }

        // A Prometheus that starts before what it scrapes would raise alerts.
        if (
            !await context
                .InTurnAsync([
                    () => BringAllAsync(wanted, exporters),
                    () => BringAllAsync(wanted, servers),
                    () => RemoveSurplusAsync(names, wanted.Name),
                ])
                .ConfigureAwait(false)
        )
            return null;
        var views = await VerifyAsync(wanted).ConfigureAwait(false);
        await DropAccountsAsync(accounts, wanted).ConfigureAwait(false);
        await CleanAsync(wanted.Name).ConfigureAwait(false);
        return views;
    }

    /// <summary>Brings services, and waits for those that are new.</summary>
    private async Task<bool> BringAllAsync(
        MonitoringDefinition wanted,
        IReadOnlyList<(MonitoringHost? Host, ServiceRequest Request)> services
    )
    {
        created.Clear();
        var steps = services.Select<(MonitoringHost? Host, ServiceRequest Request), Func<Task<bool>>>(service =>
            () => BringAsync(wanted, service.Host, service.Request)
        );
        if (!await context.InTurnAsync(steps).ConfigureAwait(false))
            return false;
        await WaitAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Asks every Prometheus until each scrapes everything.</summary>
    private async Task<IReadOnlyList<PrometheusView>> VerifyAsync(MonitoringDefinition wanted)
    {
        var reader = new PrometheusReader(swarm, options.ThrottleLimit);
        var away = Away(wanted);
        IReadOnlyList<string> missing = [];
        var views = await Polling
            .UntilAsync(
                async () =>
                {
                    var seen = await reader.ReadAsync(wanted).ConfigureAwait(false);
                    missing = MonitoringJudge.Missing(wanted, seen, away);
                    Say(wanted.Name, missing.Count == 0 ? "Done" : $"Waiting for the first scrapes: {missing[0]}");
                    return missing.Count == 0 ? seen : null;
                },
                options.Timeout,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, wanted.Name, "Done", 100, Completed: true));
        return views ?? throw MonitoringErrors.MonitoringNotVerified(wanted.Name, options.Timeout, missing);
    }

    /// <summary>The nodes that are not Ready: they are watched when they are back.</summary>
    private HashSet<string> Away(MonitoringDefinition wanted)
    {
        var away = wanted.Nodes.Where(node => swarm.View.Find(node.NodeId) is not { Status.State: "ready" }).ToList();
        foreach (var node in away)
            context.WriteWarning(
                $"'{node.Node}' is not Ready, so it was not verified that it is watched. SwarmNodeMissing fires until it is back."
            );
        return away.Select(node => node.NodeId).ToHashSet(StringComparer.Ordinal);
    }

    private async Task<bool> StoreReceiverAsync(string name)
    {
        var file = MonitoringNames.AlertmanagerSecret;
        var present = store.Newest(name, StoredKind.Secret, file);
        if (AlertmanagerConfig is null && present is not null)
            return true;
        if (AlertmanagerConfig is null)
            context.WriteWarning(
                "Alerts are not sent to anyone: only Get-SwarmMonitoring shows them. Specify -WebhookUrl or -AlertmanagerConfigPath."
            );
        var content = AlertmanagerConfig ?? Encoding.UTF8.GetBytes(MonitoringFiles.Alertmanager([]));
        if (present?.Labels.GetValueOrDefault(MonitoringNames.HashLabel) is { } hash && SaltedHash.Matches(hash, content))
            return true;
        if (
            !await context
                .ShouldProcessAsync($"swarm {swarm.SwarmId}", "Store the configuration of Alertmanager as a secret")
                .ConfigureAwait(false)
        )
            return false;
        var labels = new Dictionary<string, string>
        {
            [MonitoringNames.NameLabel] = name,
            [MonitoringNames.HashLabel] = SaltedHash.Of(content),
        };
        await swarm
            .AskManagerAsync(
                (manager, token) =>
                    StoredItems.CreateAsync(
                        manager,
                        StoredKind.Secret,
                        MonitoringNames.Stored(name, file),
                        (present?.Version ?? 0) + 1,
                        labels,
                        // Its array is wiped, and another manager may have to be asked.
                        [.. content],
                        token
                    )
            )
            .ConfigureAwait(false);
        Array.Clear(content);
        return true;
    }

    private async Task<bool> StoreFilesAsync(MonitoringDefinition wanted)
    {
        var changed = MonitoringServices
            .Files(wanted)
            .Select(file => (File: file.Key, Data: file.Value, Present: store.Newest(wanted.Name, StoredKind.Config, file.Key)))
            .Where(file => file.Present is null || !file.Data.AsSpan().SequenceEqual(file.Present.Data))
            // The definition last: once it is stored, so is everything that belongs to it.
            .OrderBy(file => file.File == MonitoringNames.DefinitionFile)
            .ToList();
        if (changed.Count == 0)
            return true;
        if (
            !await context
                .ShouldProcessAsync(
                    $"swarm {swarm.SwarmId}",
                    $"Store the configuration of the monitoring '{wanted.Name}': {string.Join(", ", changed.Select(file => file.File))}"
                )
                .ConfigureAwait(false)
        )
            return false;
        var labels = new Dictionary<string, string> { [MonitoringNames.NameLabel] = wanted.Name };
        foreach (var (file, data, present) in changed)
            await swarm
                .AskManagerAsync(
                    (manager, token) =>
                        StoredItems.CreateAsync(
                            manager,
                            StoredKind.Config,
                            MonitoringNames.Stored(wanted.Name, file),
                            (present?.Version ?? 0) + 1,
                            labels,
                            data,
                            token
                        )
                )
                .ConfigureAwait(false);
        return true;
    }

    private async Task ShowAsync(IEnumerable<ServiceRequest> requests)
    {
        foreach (var request in requests)
        {
            var verb = Exists(request.Name) ? "Update" : "Create";
            await context
                .ShouldProcessAsync($"swarm {swarm.SwarmId}", $"{verb} the service '{request.Name}' (image {request.Image})")
                .ConfigureAwait(false);
        }
    }

    /// <summary>New services start at the same time; one that exists is changed before the next one.</summary>
    private async Task<bool> BringAsync(MonitoringDefinition wanted, MonitoringHost? host, ServiceRequest request)
    {
        var exists = Exists(request.Name);
        var isReady = host is null || swarm.View.Find(host.NodeId) is { Status.State: "ready" };
        Say(wanted.Name, $"{(exists ? "Updating" : "Creating")} the service '{request.Name}'");
        var deployment = new ServiceDeployment(context, swarm, options with { NoWait = !exists || !isReady, Stable = TimeSpan.Zero });
        if (await deployment.BringAsync(request, null, mayCreate: true).ConfigureAwait(false) is not { } service)
            return false;
        if (!exists && isReady)
            created.Add(service.Id);
        // After a restart Prometheus reads its journal first; the other one must not stop meanwhile.
        if (exists && isReady && host is not null && request.Name == MonitoringNames.Prometheus(wanted.Name, host.Number))
            await ReadyAsync(wanted, host).ConfigureAwait(false);
        return true;
    }

    private async Task ReadyAsync(MonitoringDefinition wanted, MonitoringHost host)
    {
        var reader = new PrometheusReader(swarm, options.ThrottleLimit);
        var why = "";
        var ready = await Polling
            .UntilAsync(
                async () =>
                {
                    var views = await reader.ReadAsync(wanted with { Servers = [host] }).ConfigureAwait(false);
                    why = views[0].Error ?? "it is not ready yet";
                    return views[0].IsReady ? views[0] : null;
                },
                options.Timeout,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        if (ready is null)
            throw MonitoringErrors.MonitoringNotVerified(wanted.Name, options.Timeout, [$"Prometheus on '{host.Node}': {why}"]);
    }

    private Task WaitAsync() =>
        Throttle.ForEachAsync(
            created,
            options.ThrottleLimit,
            service =>
                new ServiceConvergence(swarm, options.Timeout)
                {
                    Stable = TimeSpan.Zero,
                    AfterChange = true,
                    Watch = _ => { },
                }.WaitAsync(service),
            context.CancellationToken
        );

    private Task<bool> RemoveSurplusAsync(IReadOnlyCollection<string> kept, string name) =>
        context.InTurnAsync(
            store
                .ServicesOf(name)
                .Where(service => !kept.Contains(service.Name))
                .Select<ServiceState, Func<Task<bool>>>(service => () => RemoveAsync(service))
        );

    private async Task<bool> RemoveAsync(ServiceState service)
    {
        if (!await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", $"Remove the service '{service.Name}'").ConfigureAwait(false))
            return false;
        await new ServiceRemoval(context, swarm, options with { NoWait = true }).RunAsync(service).ConfigureAwait(false);
        return true;
    }

    private async Task DropAccountsAsync(GaleraAccount accounts, MonitoringDefinition wanted)
    {
        foreach (var cluster in store.ClustersOf(wanted.Name).Except(wanted.Galera.Select(cluster => cluster.Cluster)))
        {
            var words =
                $"Drop the account '{MonitoringNames.Account(wanted.Name)}' in the Galera cluster '{cluster}', which is no longer watched";
            if (await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", words).ConfigureAwait(false))
                await accounts.DropReportedAsync(wanted.Name, cluster).ConfigureAwait(false);
        }
    }

    private async Task CleanAsync(string name)
    {
        var now = await MonitoringStore.ReadAsync(swarm).ConfigureAwait(false);
        await StoredCleaning.RemoveUnusedAsync(swarm, now.ItemsOf(name), asks: true).ConfigureAwait(false);
    }

    private bool Exists(string service) => store.AllServices.Any(other => other.Name == service);

    private void Say(string name, string status) => context.WriteProgress(new OperationProgress(0, name, status));
}
