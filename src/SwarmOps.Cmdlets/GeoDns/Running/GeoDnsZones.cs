using System.Text.Json;
using SwarmOps.GeoDns.Definition;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.GeoDns.Running;

/// <summary>The zones of a swarm, as its configs and services tell.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="services">All services of the swarm.</param>
/// <param name="configs">The configs of all zones.</param>
internal sealed class GeoDnsZones(SwarmSession swarm, IReadOnlyList<ServiceState> services, IReadOnlyList<StoredItem> configs)
{
    /// <summary>Name of the file with the definition.</summary>
    public const string DefinitionFile = "definition";

    /// <summary>All services of the swarm.</summary>
    public IReadOnlyList<ServiceState> AllServices => services;

    /// <summary>The names of the zones.</summary>
    public IReadOnlyList<string> Names =>
        [
            .. configs
                .Select(config => config.Labels.GetValueOrDefault(GeoDnsNames.ZoneLabel, ""))
                .Concat(services.Select(service => service.Labels.GetValueOrDefault(GeoDnsNames.ZoneLabel, "")))
                .Where(zone => zone.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Reads them.</summary>
    /// <param name="swarm">The swarm.</param>
    /// <param name="listed">All its services, where they are read already.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<GeoDnsZones> ReadAsync(SwarmSession swarm, Task<IReadOnlyList<ServiceState>>? listed = null)
    {
        var services = listed ?? ServiceReader.ListAsync(swarm);
        var configs = await swarm
            .AskManagerAsync((manager, token) => StoredItems.ListAsync(manager, StoredKind.Config, token))
            .ConfigureAwait(false);
        return new GeoDnsZones(
            swarm,
            await services.ConfigureAwait(false),
            [.. configs.Where(config => config.Labels.ContainsKey(GeoDnsNames.ZoneLabel))]
        );
    }

    /// <summary>The name servers' services of a zone.</summary>
    public IReadOnlyList<ServiceState> ServicesOf(string zone) =>
        [.. services.Where(service => service.Labels.GetValueOrDefault(GeoDnsNames.ZoneLabel) == zone)];

    /// <summary>All versions of a zone's configs.</summary>
    public IReadOnlyList<StoredItem> ConfigsOf(string zone) =>
        [.. configs.Where(config => config.Labels.GetValueOrDefault(GeoDnsNames.ZoneLabel) == zone)];

    /// <summary>The newest version of one of a zone's configs; null when there is none.</summary>
    public StoredItem? Newest(string zone, string file) => StoredItems.Newest(ConfigsOf(zone), GeoDnsNames.Config(zone, file));

    /// <summary>A zone's definition, the newest one: what a run that was interrupted was about to do counts. Null when there is none.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDnsDefinitionInvalid</c>.</exception>
    public GeoDnsDefinition? DefinitionOf(string zone)
    {
        if (Newest(zone, DefinitionFile) is not { } config)
            return null;
        try
        {
            return GeoDnsDefinition.FromJson(config.Data);
        }
        catch (JsonException error)
        {
            throw GeoDnsErrors.GeoDnsDefinitionInvalid(zone, config.ObjectName, error);
        }
    }

    /// <summary>A zone's definition.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDnsNotFound</c>, <c>GeoDnsDefinitionInvalid</c>.</exception>
    public GeoDnsDefinition Require(string zone) => DefinitionOf(zone) ?? throw GeoDnsErrors.GeoDnsNotFound(zone, swarm.SwarmId);
}
