using System.Collections;
using System.Management.Automation;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Specification;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Galera.Formation;

/// <summary>Creates a MariaDB Galera cluster with a node in each region, and verifies that it has formed.</summary>
[Cmdlet(VerbsCommon.New, "GaleraService", SupportsShouldProcess = true, DefaultParameterSetName = ByOverlay)]
[OutputType(typeof(GaleraCluster))]
public sealed class NewGaleraServiceCommand : OverlayServiceCmdlet
{
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

    /// <summary>How long each node may take to become Synced, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <inheritdoc/>
    private protected override int Timeout => TimeoutSeconds;

    /// <inheritdoc/>
    private protected override SwarmOpsException SecondOverlay(string first, string second) =>
        GaleraErrors.GaleraOverlaySecond(first, second);

    /// <inheritdoc/>
    private protected override Func<IOperationContext, Task> Form(IReadOnlyList<SwarmNode> nodes, string overlay, ServiceOptions options)
    {
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
        return scope => new FormGaleraOperation(scope, new FormGaleraRequest(nodes, cluster) { Options = options }).RunAsync();
    }
}
