using System.Collections;
using System.Management.Automation;
using SwarmOps.Nodes;
using SwarmOps.Overlay;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Registry;
using SwarmOps.Services.Specification;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Galera.Formation;

/// <summary>Creates a MariaDB Galera cluster with a node in each region, and verifies that it has formed.</summary>
[Cmdlet(VerbsCommon.New, "GaleraService", SupportsShouldProcess = true, DefaultParameterSetName = ByOverlay)]
[OutputType(typeof(GaleraCluster))]
public sealed class NewGaleraServiceCommand : SwarmChangeCmdlet
{
    private const string ByOverlay = "ByOverlay";
    private const string ByNode = "ByNode";

    // Not a NodeSetCmdlet: there -Node is at position 0 and mandatory in every parameter set; here the overlay brings its nodes, and position 0 is -Name.
    private readonly List<SwarmNode> nodes = [];
    private string overlay = "";

    /// <summary>The overlay network, from <c>New-EncryptedOverlay</c> or <c>Get-SwarmOverlay</c>; its nodes are the node set.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByOverlay)]
    [ValidateNotNull]
    public SwarmOverlay InputObject { get; set; } = new();

    /// <summary>The nodes of the swarm.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByNode)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Name of the overlay network.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByNode)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    public string Overlay { get; set; } = "";

    /// <summary>Name of the cluster.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string Name { get; set; } = "galera";

    /// <summary>The image: MariaDB's official one, or one with its entry point.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string Image { get; set; } = "mariadb:10.11";

    /// <summary>The image bootstraps and joins the cluster by itself, from the same variables; it is started unchanged, and the result is verified.</summary>
    [Parameter]
    public SwitchParameter ImageBootstraps { get; set; }

    /// <summary>One service per region, or one global service.</summary>
    [Parameter]
    public GaleraLayout Layout { get; set; }

    /// <summary>The regions that get a node; by default all regions of the node set.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeRegionCompleter))]
    public string[] Region { get; set; } = [];

    /// <summary>The region of an arbitrator, which votes and holds no data, for two regions with data.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeRegionCompleter))]
    public string? Arbitrator { get; set; }

    /// <summary>The arbitrator's image, which needs garbd; by default the database image.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? ArbitratorImage { get; set; }

    /// <summary>Makes Galera encrypt the traffic between nodes and accept only nodes with the cluster's certificate. The default for a new cluster; disable it with <c>-Tls:$false</c>.</summary>
    [Parameter]
    public SwitchParameter Tls { get; set; }

    /// <summary>Name of the secret with root's password; created if it does not exist, and never shown.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public string RootPasswordSecret { get; set; } = "GALERA_ROOT_PASSWORD";

    /// <summary>The data directory on each host.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string DataPath { get; set; } = "/srv/mysql";

    /// <summary>Owner of created directories, as <c>chown</c> takes it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string DataPathOwner { get; set; } = DataAccess.DefaultOwner;

    /// <summary>Mode of created directories, as <c>chmod</c> takes it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string DataPathMode { get; set; } = DataAccess.DefaultMode;

    /// <summary>Size of the write-set cache in bytes; a node that missed no more than this gets an incremental state transfer (IST).</summary>
    [Parameter]
    public long CacheSize { get; set; }

    /// <summary>Sets the group communication timeouts that Galera's documentation recommends for WANs; with the defaults, a failed node is evicted sooner.</summary>
    [Parameter]
    public SwitchParameter WanTimeout { get; set; }

    /// <summary>Makes the servers refuse or report what Galera does not replicate (<c>wsrep_mode</c>, MariaDB 10.6 and later); an existing cluster keeps its setting if it is omitted.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>Further server options.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary MariaDbOption { get; set; } = new Hashtable();

    /// <summary>A database to create with the cluster.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Database { get; set; }

    /// <summary>The database's account.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>Name of the secret with the account's password; created if it does not exist.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public string? UserPasswordSecret { get; set; }

    /// <summary>Publishes port 3306 on each host.</summary>
    [Parameter]
    public SwitchParameter Publish { get; set; }

    /// <summary>Memory limit of a node, in bytes; 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long LimitMemory { get; set; }

    /// <summary>Memory reservation of a node, in bytes; 0 for none.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long ReserveMemory { get; set; }

    /// <summary>User name and password for the image's registry; the swarm sends them to the nodes with the tasks.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RegistryCredential { get; set; }

    /// <summary>A Docker config file with the credential for the image's registry, or with the name of the credential helper that has it, such as <c>~/.docker/config.json</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerConfigPath { get; set; }

    /// <summary>Does not look up the image's digest in the registry.</summary>
    [Parameter]
    public SwitchParameter NoResolveImage { get; set; }

    /// <summary>How long each node may take to become Synced, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <inheritdoc/>
    private protected override Task ProcessAsync(IOperationContext context)
    {
        nodes.AddRange(ParameterSetName == ByOverlay ? InputObject.Nodes : Node);
        var named = ParameterSetName == ByOverlay ? InputObject.Name : Overlay;
        if (overlay.Length > 0 && overlay != named)
            throw GaleraErrors.GaleraOverlaySecond(overlay, named);
        overlay = named;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override Task EndAsync(IOperationContext context)
    {
        if (nodes.Count == 0)
            return Task.CompletedTask;
        NodeSet.Check(nodes);
        if (Has(nameof(ArbitratorImage)) && Arbitrator is null)
            throw GaleraErrors.GaleraParameterUnused("-ArbitratorImage", "-Arbitrator");
        if (Has(nameof(UserPasswordSecret)) && User is null)
            throw GaleraErrors.GaleraParameterUnused("-UserPasswordSecret", "-User");
        var owner = MountPathOptions.Create(DataPathOwner, DataPathMode);
        var cluster = new GaleraRequest
        {
            Name = Name,
            Overlay = overlay,
            Image = Image,
            ImageBootstraps = ImageBootstraps,
            Layout = Layout,
            Regions = Region,
            Arbitrator = Arbitrator,
            ArbitratorImage = ArbitratorImage,
            Tls = Has(nameof(Tls)) ? Tls.IsPresent : null,
            RootSecret = RootPasswordSecret,
            DataPath = DataPath,
            DataOwner = owner.Owner,
            DataMode = owner.Mode,
            CacheSize = Has(nameof(CacheSize)) ? CacheSize : null,
            WanTimeout = WanTimeout,
            Strict = Has(nameof(Strict)) ? Strict.IsPresent : null,
            Options = NameFilters.Labels(MariaDbOption),
            Database = Database,
            User = User,
            UserSecret = UserPasswordSecret,
            Publish = Publish,
            LimitMemory = Has(nameof(LimitMemory)) ? LimitMemory : null,
            ReserveMemory = Has(nameof(ReserveMemory)) ? ReserveMemory : null,
        };
        var options = new ServiceOptions
        {
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
            SkipImage = NoResolveImage,
            Registry = RegistryLogin.From(RegistryCredential, DockerConfigPath is { } path ? FullPath(path) : null),
            ThrottleLimit = ThrottleLimit,
        };
        return ChangeAsync(
            context,
            scope => new FormGaleraOperation(scope, new FormGaleraRequest(nodes, cluster) { Options = options }).RunAsync()
        );
    }
}
