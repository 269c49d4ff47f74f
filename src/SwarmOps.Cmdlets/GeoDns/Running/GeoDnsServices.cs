using System.Globalization;
using System.Text;
using SwarmOps.GeoDns.Definition;
using SwarmOps.Services.Specification;
using SwarmOps.Transport;

namespace SwarmOps.GeoDns.Running;

/// <summary>The Docker services of the name servers, and the configs that they mount.</summary>
internal static class GeoDnsServices
{
    /// <summary>Mode of configuration files (0444) and of the start script (0555).</summary>
    private const int FileMode = 0x124,
        ScriptMode = 0x16D;

    private static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(1),
        HealthTimeout = TimeSpan.FromSeconds(5),
        HealthStart = TimeSpan.FromSeconds(60),
        RestartDelay = TimeSpan.FromSeconds(1),
        UpdateMonitor = TimeSpan.FromSeconds(3),
        StopGrace = TimeSpan.FromSeconds(10);

    /// <summary>The start script.</summary>
    public static string StartScript { get; } = EmbeddedText.Read("geodns-start.sh");

    /// <summary>The contents of a zone's configs, by the name of the file.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(GeoDnsDefinition definition)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [GeoDnsZones.DefinitionFile] = definition.ToJson(),
            ["zone"] = GdnsdFiles.Zone(definition),
            ["states"] = GdnsdFiles.States(definition),
            ["start"] = StartScript,
        };
        if (definition.Networks.Count > 0)
            files["networks"] = GdnsdFiles.Networks(definition);
        foreach (var server in definition.Servers)
            files[ServerFile(server)] = GdnsdFiles.Config(definition, server);
        return files.ToDictionary(file => file.Key, file => Encoding.UTF8.GetBytes(file.Value));
    }

    /// <summary>The service of one name server.</summary>
    /// <param name="definition">The zone.</param>
    /// <param name="server">The name server.</param>
    /// <param name="image">The image; null keeps the present one.</param>
    public static ServiceRequest Of(GeoDnsDefinition definition, GeoDnsHost server, string? image) =>
        new()
        {
            Name = GeoDnsNames.Service(definition.Zone, server.Number),
            Image = image,
            Mode = SwarmServiceMode.Replicated,
            Replicas = 1,
            Command = [GeoDnsNames.StartTarget],
            Arguments = [],
            Environment = new Dictionary<string, string?>
            {
                ["GEODNS_CONFIG"] = GeoDnsNames.ConfigPath,
                ["GEODNS_OWN"] = GeoDnsNames.OwnPath,
            },
            Labels = new Dictionary<string, string?>
            {
                [GeoDnsNames.ZoneLabel] = definition.Zone,
                [GeoDnsNames.EdgeLabel] = definition.Service,
                [GeoDnsNames.NodeLabel] = server.Node,
            },
            KeepsOthers = true,
            // A published port could be bound to all addresses of the host only, and would collide with a resolver on a loopback address.
            Networks = [new NetworkAttachment("host", [])],
            Mounts = [.. Mounts(definition)],
            Configs = [.. Configs(definition, server)],
            Constraints = [$"node.id=={server.NodeId}"],
            // The check knows when this container answers queries: only then does the swarm stop the one that it replaces.
            Health = new HealthRequest($"test -e {GeoDnsNames.OwnPath}/ready", HealthInterval, HealthTimeout, HealthStart, 3),
            Restart = new RestartRequest(SwarmRestartCondition.Any, RestartDelay, null, null),
            Update = Policy,
            Rollback = Policy with { FailureAction = SwarmUpdateFailureAction.Pause },
            StopGracePeriod = StopGrace,
            CapabilityDrop = [ServiceRules.Capability("ALL")],
            CapabilityAdd = [ServiceRules.Capability("NET_BIND_SERVICE")],
            ReadOnly = true,
        };

    private static UpdatePolicyRequest Policy { get; } =
        new(1, TimeSpan.Zero, SwarmUpdateFailureAction.Rollback, UpdateMonitor, 0, SwarmUpdateOrder.StartFirst);

    private static string ServerFile(GeoDnsHost server) => string.Create(CultureInfo.InvariantCulture, $"ns{server.Number}");

    private static IEnumerable<ServiceMount> Mounts(GeoDnsDefinition definition)
    {
        yield return new ServiceMount("volume", GeoDnsNames.RunVolume, GeoDnsNames.RunPath, ReadOnly: false);
        yield return new ServiceMount("tmpfs", null, GeoDnsNames.OwnPath, ReadOnly: false);
        if (definition.Database is not null)
            yield return new ServiceMount("bind", GeoDnsNames.DatabasePath, GeoDnsNames.DatabasePath, ReadOnly: true);
    }

    private static IEnumerable<FileReference> Configs(GeoDnsDefinition definition, GeoDnsHost server)
    {
        FileReference File(string name, string target, int mode) => new(GeoDnsNames.Config(definition.Zone, name), target, "0", "0", mode);

        yield return File(GeoDnsZones.DefinitionFile, GeoDnsNames.DefinitionTarget, FileMode);
        yield return File("zone", $"{GeoDnsNames.ConfigPath}/zones/{definition.Zone}", FileMode);
        yield return File(ServerFile(server), $"{GeoDnsNames.ConfigPath}/config", FileMode);
        yield return File("states", GeoDnsNames.StateTarget, FileMode);
        yield return File("start", GeoDnsNames.StartTarget, ScriptMode);
        if (definition.Networks.Count > 0)
            yield return File("networks", $"{GeoDnsNames.ConfigPath}/geoip/nets", FileMode);
    }
}
