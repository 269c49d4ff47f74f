using System.Text.Json;
using SwarmOps.Monitoring.Definition;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Monitoring.Running;

/// <summary>What a swarm has of monitoring, as its services, configs and secrets tell.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="services">All services of the swarm.</param>
/// <param name="items">The configs and secrets of all monitoring.</param>
internal sealed class MonitoringStore(SwarmSession swarm, IReadOnlyList<ServiceState> services, IReadOnlyList<StoredItem> items)
{
    /// <summary>All services of the swarm.</summary>
    public IReadOnlyList<ServiceState> AllServices => services;

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names =>
        [
            .. items
                .Select(item => item.Labels.GetValueOrDefault(MonitoringNames.NameLabel, ""))
                .Concat(services.Select(service => service.Labels.GetValueOrDefault(MonitoringNames.NameLabel, "")))
                .Where(name => name.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Reads it.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<MonitoringStore> ReadAsync(SwarmSession swarm)
    {
        var services = ServiceReader.ListAsync(swarm);
        var configs = ListAsync(swarm, StoredKind.Config);
        var secrets = ListAsync(swarm, StoredKind.Secret);
        return new MonitoringStore(
            swarm,
            await services.ConfigureAwait(false),
            [.. await configs.ConfigureAwait(false), .. await secrets.ConfigureAwait(false)]
        );
    }

    /// <summary>The services of one.</summary>
    public IReadOnlyList<ServiceState> ServicesOf(string name) =>
        [.. services.Where(service => service.Labels.GetValueOrDefault(MonitoringNames.NameLabel) == name)];

    /// <summary>All versions of its configs and secrets.</summary>
    public IReadOnlyList<StoredItem> ItemsOf(string name) =>
        [.. items.Where(item => item.Labels.GetValueOrDefault(MonitoringNames.NameLabel) == name)];

    /// <summary>The Galera clusters that have its account, as its secrets tell: also after a run that was interrupted.</summary>
    public IReadOnlyList<string> ClustersOf(string name) =>
        [
            .. ItemsOf(name)
                .Select(item => item.Labels.GetValueOrDefault(MonitoringNames.ClusterLabel))
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>The newest version of one of them; null when there is none.</summary>
    public StoredItem? Newest(string name, StoredKind kind, string file) =>
        StoredItems.Newest(ItemsOf(name).Where(item => item.Kind == kind), MonitoringNames.Stored(name, file));

    /// <summary>A definition, the newest one: what a run that was interrupted was about to do counts. Null when there is none.</summary>
    /// <exception cref="SwarmOpsException"><c>MonitoringDefinitionInvalid</c>.</exception>
    public MonitoringDefinition? DefinitionOf(string name)
    {
        if (Newest(name, StoredKind.Config, MonitoringNames.DefinitionFile) is not { } config)
            return null;
        try
        {
            return MonitoringDefinition.FromJson(config.Data);
        }
        catch (JsonException error)
        {
            throw MonitoringErrors.MonitoringDefinitionInvalid(name, config.ObjectName, error);
        }
    }

    /// <summary>A definition.</summary>
    /// <exception cref="SwarmOpsException"><c>MonitoringNotFound</c>, <c>MonitoringDefinitionInvalid</c>.</exception>
    public MonitoringDefinition Require(string name) =>
        DefinitionOf(name) ?? throw MonitoringErrors.MonitoringNotFound(name, swarm.SwarmId);

    private static async Task<IReadOnlyList<StoredItem>> ListAsync(SwarmSession swarm, StoredKind kind)
    {
        var all = await swarm.AskManagerAsync((manager, token) => StoredItems.ListAsync(manager, kind, token)).ConfigureAwait(false);
        return [.. all.Where(item => item.Labels.ContainsKey(MonitoringNames.NameLabel))];
    }
}
