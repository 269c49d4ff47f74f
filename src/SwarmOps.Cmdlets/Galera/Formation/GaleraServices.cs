using System.Globalization;
using SwarmOps.Services.Specification;

namespace SwarmOps.Galera.Formation;

/// <summary>The service requests of a cluster.</summary>
internal static class GaleraServices
{
    /// <summary>Mode of the password files: readable only by root in the container, which runs the entry point.</summary>
    private const int SecretMode = 0x100;

    /// <summary>Mode of the scripts: 0555.</summary>
    private const int ScriptMode = 0x16D;

    private const int DatabasePort = 3306;

    /// <summary>A long state transfer must not count as a failure: the check runs every few seconds, and the retries last for days.</summary>
    private const int HealthRetries = 100_000;

    private static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(3),
        HealthTimeout = TimeSpan.FromSeconds(15);

    /// <summary>A server with large buffers needs this long for a clean shutdown; after a kill it needs a state transfer.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(120);

    /// <summary>The service of one Galera node; in the layout Global all nodes share one.</summary>
    public static ServiceRequest Of(GaleraRequest request, GaleraPlace place, string nodeId)
    {
        var isGlobal = request.Layout == GaleraLayout.Global;
        return new ServiceRequest
        {
            Name = place.Service,
            Image = Image(request, place),
            Mode = isGlobal ? SwarmServiceMode.Global : SwarmServiceMode.Replicated,
            Replicas = isGlobal ? null : 1,
            Command = request.ImageBootstraps ? null : [GaleraNames.StartTarget],
            Arguments = place.IsArbitrator ? [] : Arguments(request),
            Environment = Environment(request, isGlobal ? null : place),
            Labels = Labels(request, isGlobal ? null : place),
            KeepsOthers = true,
            Networks = [new NetworkAttachment(request.Overlay, isGlobal ? [] : [request.Name])],
            EndpointMode = SwarmEndpointMode.Dnsrr,
            Ports = request.Publish && !place.IsArbitrator ? [new PublishedPort(DatabasePort, DatabasePort, "tcp", OnHost: true)] : null,
            // The image declares the directory as a volume: without a mount each arbitrator container would leave an anonymous volume.
            Mounts =
            [
                place.IsArbitrator
                    ? new ServiceMount("tmpfs", null, GaleraNames.DataTarget, ReadOnly: false)
                    : new ServiceMount("bind", request.DataPath, GaleraNames.DataTarget, ReadOnly: false),
            ],
            Secrets = [.. Secrets(request, place.IsArbitrator).Select(name => new FileReference(name, name, "0", "0", SecretMode))],
            Configs =
            [
                .. Scripts(request).Select(script => new FileReference(script.Script.ConfigName, script.Target, "0", "0", ScriptMode)),
            ],
            Constraints = isGlobal ? null : [$"node.id=={nodeId}"],
            LimitMemory = request.LimitMemory,
            ReserveMemory = request.ReserveMemory,
            Health = request.ImageBootstraps
                ? null
                : new HealthRequest(GaleraNames.HealthTarget, HealthInterval, HealthTimeout, null, HealthRetries),
            Restart = new RestartRequest(SwarmRestartCondition.Any, TimeSpan.FromSeconds(2), null, null),
            Update = new UpdatePolicyRequest(1, null, SwarmUpdateFailureAction.Pause, null, null, SwarmUpdateOrder.StopFirst),
            StopGracePeriod = StopGrace,
        };
    }

    /// <summary>The image of one Galera node, with a tag.</summary>
    /// <exception cref="SwarmOpsException"><c>ImageNameInvalid</c>.</exception>
    public static string Image(GaleraRequest request, GaleraPlace place) =>
        ImageName.Normalize(place.IsArbitrator ? request.ArbitratorImage ?? request.Image : request.Image);

    /// <summary>The start and health check scripts, and their paths in the container; none for an image that bootstraps itself.</summary>
    public static IReadOnlyList<(GaleraScript Script, string Target)> Scripts(GaleraRequest request) =>
        request.ImageBootstraps ? [] : [(GaleraScript.Start, GaleraNames.StartTarget), (GaleraScript.Health, GaleraNames.HealthTarget)];

    /// <summary>Names of the secrets with passwords.</summary>
    public static IEnumerable<string> Passwords(GaleraRequest request) =>
        new[] { request.RootSecret, request.User is null ? null : UserSecret(request) }.OfType<string>();

    /// <summary>Name of the secret with the application's password.</summary>
    public static string UserSecret(GaleraRequest request) => request.UserSecret ?? $"{request.Name}-{request.User}-password";

    private static IEnumerable<string> Secrets(GaleraRequest request, bool isArbitrator)
    {
        IEnumerable<string> certificates = request.HasTls ? [GaleraNames.TlsSecret(request.Name)] : [];
        return isArbitrator ? certificates : Passwords(request).Concat(certificates);
    }

    /// <summary>The server options, in one order, so that the same options make no difference.</summary>
    private static IReadOnlyList<string> Arguments(GaleraRequest request)
    {
        IEnumerable<KeyValuePair<string, string>> options = request.Options;
        if (request.Strict is true)
            options = options.Append(new(StrictMode.Option, StrictMode.Value));
        return [.. options.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => $"--{option.Key}={option.Value}")];
    }

    private static Dictionary<string, string?> Environment(GaleraRequest request, GaleraPlace? place)
    {
        var variables = new Dictionary<string, string?>
        {
            ["WSREP_CLUSTER_NAME"] = request.Name,
            ["WSREP_CLUSTER_DNSNAME"] = GaleraNames.Peers(request.Name),
        };
        if (request.HasTls)
            variables["GALERA_TLS_FILE"] = $"/run/secrets/{GaleraNames.TlsSecret(request.Name)}";
        if (place?.IsArbitrator is true)
            variables["GALERA_ROLE"] = GaleraNames.ArbitratorRole;
        else
            AddDatabase(variables, request);
        if (place is not null)
            variables["WSREP_NODE_NAME"] = place.Region;
        if (ProviderOptions(request, place) is { Length: > 0 } options)
            variables["WSREP_PROVIDER_OPTIONS"] = options;
        return variables;
    }

    private static void AddDatabase(Dictionary<string, string?> variables, GaleraRequest request)
    {
        variables["MARIADB_ROOT_PASSWORD_FILE"] = $"/run/secrets/{request.RootSecret}";
        if (request.User is null)
            return;
        variables["MARIADB_DATABASE"] = request.Database;
        variables["MARIADB_USER"] = request.User;
        variables["MARIADB_PASSWORD_FILE"] = $"/run/secrets/{UserSecret(request)}";
    }

    private static string ProviderOptions(GaleraRequest request, GaleraPlace? place)
    {
        var options = new List<string>();
        if (place is not null)
            options.Add(string.Create(CultureInfo.InvariantCulture, $"gmcast.segment={place.Segment}"));
        if (request.CacheSize is { } cache && place?.IsArbitrator is not true)
            options.Add(string.Create(CultureInfo.InvariantCulture, $"gcache.size={cache}"));
        // The values that Galera's documentation recommends for replication over a WAN.
        if (request.WanTimeout)
            options.Add("evs.keepalive_period=PT3S;evs.suspect_timeout=PT30S;evs.inactive_timeout=PT1M;evs.install_timeout=PT1M");
        return string.Join(';', options);
    }

    /// <summary>Owner and mode for recreating a lost directory. A global service has one value for all hosts.</summary>
    private static void AddAccess(Dictionary<string, string?> labels, GaleraRequest request, GaleraPlace? place)
    {
        if (place?.IsArbitrator is true)
            return;
        var access =
            (place is null ? request.FoundAccess.Values.FirstOrDefault() : request.FoundAccess.GetValueOrDefault(place.Node.Name))
            ?? new DataAccess(request.DataOwner, request.DataMode);
        (labels[GaleraNames.OwnerLabel], labels[GaleraNames.ModeLabel]) = (access.Owner, access.Mode);
    }

    private static Dictionary<string, string?> Labels(GaleraRequest request, GaleraPlace? place)
    {
        var labels = new Dictionary<string, string?>
        {
            [GaleraNames.ClusterLabel] = request.Name,
            [GaleraNames.LayoutLabel] = request.Layout.ToString(),
            [GaleraNames.RoleLabel] = place?.IsArbitrator is true ? GaleraNames.ArbitratorRole : GaleraNames.DataRole,
        };
        if (place?.IsArbitrator is not true)
            labels[GaleraNames.DataPathLabel] = request.DataPath;
        AddAccess(labels, request, place);
        if (request.HasTls)
            labels[GaleraNames.TlsLabel] = "yes";
        if (place is not null)
        {
            labels[GaleraNames.RegionLabel] = place.Region;
            labels[GaleraNames.SegmentLabel] = place.Segment.ToString(CultureInfo.InvariantCulture);
            labels[GaleraNames.NodeLabel] = place.Node.Name;
        }

        return labels;
    }
}
