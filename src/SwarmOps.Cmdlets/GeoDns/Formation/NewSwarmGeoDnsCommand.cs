using System.Collections;
using System.Management.Automation;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Registry;
using SwarmOps.Swarm.Members;

namespace SwarmOps.GeoDns.Formation;

/// <summary>Creates name servers on the swarm that answer each client with the nearest healthy region of an edge service.</summary>
[Cmdlet(VerbsCommon.New, "SwarmGeoDns", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmGeoDns))]
public sealed class NewSwarmGeoDnsCommand : NodeSetChangeCmdlet
{
    /// <summary>Name of the zone, such as <c>edge.example.org</c>.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GeoDnsZoneCompleter))]
    public string Zone { get; set; } = "";

    /// <summary>The edge service, as passed to <c>New-SwarmEdgeService</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EdgeServiceNameCompleter))]
    public string? Service { get; set; }

    /// <summary>The image with gdnsd.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? Image { get; set; }

    /// <summary>Names of the nodes that run the name servers, in at least two regions.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string[] NameServer { get; set; } = [];

    /// <summary>Names that are answered by region, relative to the zone; <c>@</c> is the zone itself.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] RecordName { get; set; } = [];

    /// <summary>A GeoIP2 database (MMDB) of cities or countries on this machine; it is copied to the name servers' hosts.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? GeoDatabasePath { get; set; }

    /// <summary>Networks of clients by the region that they are sent to; takes precedence over the database.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary NetworkMap { get; set; } = new Hashtable();

    /// <summary>The order of regions for clients that cannot be located.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeRegionCompleter))]
    public string[] RegionOrder { get; set; } = [];

    /// <summary>Places of regions, as latitude and longitude in degrees.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Coordinate { get; set; } = new Hashtable();

    /// <summary>How long resolvers keep an answer, in seconds.</summary>
    [Parameter]
    [ValidateRange(5, 3600)]
    public int TtlSeconds { get; set; } = 30;

    /// <summary>The port on the edge nodes that the name servers check.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int HealthPort { get; set; }

    /// <summary>The path that the name servers request over HTTP; empty for a TCP connection only.</summary>
    [Parameter]
    [AllowEmptyString]
    public string HealthPath { get; set; } = "";

    /// <summary>The Host header of that request; empty for none.</summary>
    [Parameter]
    [AllowEmptyString]
    public string HealthHost { get; set; } = "";

    /// <summary>Time between two checks of a node, in seconds.</summary>
    [Parameter]
    [ValidateRange(2, 255)]
    public int HealthIntervalSeconds { get; set; } = 4;

    /// <summary>Timeout of one check, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 254)]
    public int HealthTimeoutSeconds { get; set; } = 2;

    /// <summary>Number of failed checks that make a node unhealthy, and of successful ones in a row that make it healthy again.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int HealthRetries { get; set; } = 2;

    /// <summary>User name and password for the image's registry; the swarm sends them to the nodes with the tasks.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RegistryCredential { get; set; }

    /// <summary>A Docker config file with the credential for the image's registry, such as <c>~/.docker/config.json</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerConfigPath { get; set; }

    /// <summary>Does not look up the image's digest in the registry.</summary>
    [Parameter]
    public SwitchParameter NoResolveImage { get; set; }

    /// <summary>How long each name server may take to start, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new NewGeoDnsOperation(
            context,
            new NewGeoDnsRequest(nodes, Zone)
            {
                Service = Service,
                Image = Image,
                NameServers = Has(nameof(NameServer)) ? NameServer : null,
                Records = Has(nameof(RecordName)) ? RecordName : null,
                RegionOrder = Has(nameof(RegionOrder)) ? RegionOrder : null,
                NetworkMap = Has(nameof(NetworkMap)) ? Lists(NetworkMap) : null,
                Coordinates = Has(nameof(Coordinate))
                    ? Lists(Coordinate).ToDictionary(place => place.Key, place => string.Join(", ", place.Value))
                    : null,
                DatabasePath = GeoDatabasePath is { } path ? FullPath(path) : null,
                TtlSeconds = Has(nameof(TtlSeconds)) ? TtlSeconds : null,
                HealthPort = Has(nameof(HealthPort)) ? HealthPort : null,
                HealthPath = Has(nameof(HealthPath)) ? HealthPath : null,
                HealthHost = Has(nameof(HealthHost)) ? HealthHost : null,
                HealthIntervalSeconds = Has(nameof(HealthIntervalSeconds)) ? HealthIntervalSeconds : null,
                HealthTimeoutSeconds = Has(nameof(HealthTimeoutSeconds)) ? HealthTimeoutSeconds : null,
                HealthRetries = Has(nameof(HealthRetries)) ? HealthRetries : null,
                Options = new ServiceOptions
                {
                    Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                    SkipImage = NoResolveImage,
                    Registry = RegistryLogin.From(RegistryCredential, DockerConfigPath is { } config ? FullPath(config) : null),
                    ThrottleLimit = ThrottleLimit,
                },
            }
        ).RunAsync();

    /// <summary>A hashtable whose values are one text or several.</summary>
    private static Dictionary<string, IReadOnlyList<string>> Lists(IDictionary table) =>
        table
            .Cast<DictionaryEntry>()
            .ToDictionary(
                entry => LanguagePrimitives.ConvertTo<string>(entry.Key),
                entry => (IReadOnlyList<string>)LanguagePrimitives.ConvertTo<string[]>(entry.Value)
            );
}
