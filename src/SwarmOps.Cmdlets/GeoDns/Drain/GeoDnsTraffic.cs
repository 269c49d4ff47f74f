using System.Text.Json;
using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Formation;
using SwarmOps.GeoDns.Running;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.GeoDns.Drain;

/// <summary>The name servers on the swarm, as what sends clients to an edge service.</summary>
internal sealed class GeoDnsTraffic : IEdgeTraffic
{
    /// <inheritdoc/>
    public async Task<IEdgeDetour?> FindAsync(IOperationContext context, SwarmSession swarm, ServiceState service, ServiceOptions options)
    {
        if (
            service.Labels.GetValueOrDefault(EdgeRules.NameLabel) is not { Length: > 0 } edge
            || EdgeFacts.RegionOf(service) is not { } region
        )
            return null;
        var zones = await GeoDnsZones.ReadAsync(swarm).ConfigureAwait(false);
        var own = zones
            .Names.Select(zones.DefinitionOf)
            .OfType<GeoDnsDefinition>()
            .Where(zone => zone.Service == edge && zone.Regions.Any(one => one.Name == region))
            .ToList();
        // What an admin has taken out stays out, and nobody is sent there.
        var answering = own.FindAll(zone => !zone.RegionsOut.Contains(region));
        return answering.Count == 0
            ? null
            : new Detour(context, swarm, edge, region, options)
            {
                ZoneNames = [.. answering.Select(zone => zone.Zone)],
                IsPossible = answering.TrueForAll(zone => zone.Regions.Any(other => other.Name != region)),
                IsUnfinished = answering.Exists(zone => zone.RegionsUpdating.Contains(region) || IsHeldBack(zones, zone.Zone, region)),
            };
    }

    /// <summary>Whether a name server still has the region out for an update: that run stored that it is back, and was interrupted before it had changed them all.</summary>
    private static bool IsHeldBack(GeoDnsZones zones, string zone, string region)
    {
        var definitions = zones
            .ConfigsOf(zone)
            .Where(config => config.Name == GeoDnsNames.Config(zone, GeoDnsZones.DefinitionFile))
            .ToList();
        return zones
            .ServicesOf(zone)
            .Select(service => definitions.Find(config => StoredReferences.Uses(service.Spec, config)))
            .OfType<StoredItem>()
            .Any(config => Read(config)?.RegionsUpdating.Contains(region) is true);
    }

    private static GeoDnsDefinition? Read(StoredItem config)
    {
        try
        {
            return GeoDnsDefinition.FromJson(config.Data);
        }
        catch (JsonException)
        {
            // An older version that cannot be read says nothing of an update.
            return null;
        }
    }

    private sealed class Detour(IOperationContext context, SwarmSession swarm, string edge, string region, ServiceOptions options)
        : IEdgeDetour
    {
        public required IReadOnlyList<string> ZoneNames { get; init; }

        public required bool IsPossible { get; init; }

        public required bool IsUnfinished { get; init; }

        public string Region => region;

        public string Zones =>
            $"the {(ZoneNames.Count == 1 ? "zone" : "zones")} {string.Join(", ", ZoneNames.Select(zone => $"'{zone}'"))}";

        public Task LeaveAsync() => ChangeAsync(isOut: true);

        public Task ReturnAsync() => ChangeAsync(isOut: false);

        private async Task ChangeAsync(bool isOut)
        {
            var request = new SetEdgeRequest([], edge)
            {
                Regions = [region],
                IsOut = isOut,
                IsForUpdate = true,
                HealthTimeout = options.Timeout,
                // The image, the directories and the login are the edge service's, not the name servers'.
                Options = new ServiceOptions { Timeout = options.Timeout, ThrottleLimit = options.ThrottleLimit },
            };
            var confirmed = new ConfirmedContext(context);
            foreach (var name in ZoneNames)
            {
                // Read again: each change gives the zone another serial.
                var zones = await GeoDnsZones.ReadAsync(swarm).ConfigureAwait(false);
                if (zones.DefinitionOf(name) is not { } zone)
                    continue;
                var updating = isOut ? zone.RegionsUpdating.Union([region]) : zone.RegionsUpdating.Except([region]);
                var wanted = zone with { RegionsUpdating = [.. updating.Order(StringComparer.Ordinal)] };
                await new EdgeDrain(confirmed, swarm, zones, request)
                    .RunAsync(zone, GeoDnsPlan.Numbered(wanted, zone, DateTime.UtcNow))
                    .ConfigureAwait(false);
            }
        }
    }
}
