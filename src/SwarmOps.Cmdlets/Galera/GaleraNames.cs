namespace SwarmOps.Galera;

/// <summary>What a Galera cluster is known by on the swarm and on its hosts.</summary>
internal static class GaleraNames
{
    /// <summary>Label of its services: the cluster's name.</summary>
    public const string ClusterLabel = "swarmops.galera.cluster";

    /// <summary>Label of a service: its region; absent in the layout Global.</summary>
    public const string RegionLabel = "swarmops.galera.region";

    /// <summary>Label of a service: its segment.</summary>
    public const string SegmentLabel = "swarmops.galera.segment";

    /// <summary>Label of a service: the layout.</summary>
    public const string LayoutLabel = "swarmops.galera.layout";

    /// <summary>Label of a service: the name of the node that holds its data.</summary>
    public const string NodeLabel = "swarmops.galera.node";

    /// <summary>Label of a service: the directory on the host.</summary>
    public const string DataPathLabel = "swarmops.galera.data";

    /// <summary>Label of a service: what it does, <see cref="DataRole"/> or <see cref="ArbitratorRole"/>; absent means data.</summary>
    public const string RoleLabel = "swarmops.galera.role";

    /// <summary>A node with a database.</summary>
    public const string DataRole = "data";

    /// <summary>A member that votes and holds no data.</summary>
    public const string ArbitratorRole = "arbitrator";

    /// <summary>Label of a service whose traffic with the other nodes is encrypted by Galera itself.</summary>
    public const string TlsLabel = "swarmops.galera.tls";

    /// <summary>Where the image keeps its data (MariaDB's official image).</summary>
    public const string DataTarget = "/var/lib/mysql";

    /// <summary>The file in a data directory that lets its node found a cluster.</summary>
    public const string Marker = ".swarmops-bootstrap";

    /// <summary>The file in a data directory in which a waiting node says what it holds.</summary>
    public const string State = ".swarmops-state";

    /// <summary>Label of a service: the history (<c>wsrep_cluster_state_uuid</c>) that its nodes were seen to hold.</summary>
    public const string HistoryLabel = "swarmops.galera.history";

    /// <summary>Label of a service: the hosts, parted by commas, whose directories hold that history.</summary>
    public const string HoldersLabel = "swarmops.galera.holders";

    /// <summary>Labels of a service: owner and mode of its data directories, for one that has to be made again.</summary>
    public const string OwnerLabel = "swarmops.galera.owner", ModeLabel = "swarmops.galera.mode";

    /// <summary>The folder in a data directory that is a mount point in which data lies that was moved aside.</summary>
    public const string Aside = ".swarmops-aside";

    /// <summary>The file in such a directory while data is being moved: it names the folder.</summary>
    public const string Moving = ".swarmops-moving";

    /// <summary>The file in a directory that is empty because its data was moved aside: it says where to.</summary>
    public const string Emptied = ".swarmops-emptied";

    /// <summary>The file in a data directory that must be moved aside before its node runs again: it took writes that the kept component never saw.</summary>
    public const string Condemned = ".swarmops-diverged";

    /// <summary>Where the scripts are in a container.</summary>
    public const string StartTarget = "/galera-start.sh", HealthTarget = "/galera-health.sh";

    /// <summary>Name of a region's service.</summary>
    public static string Service(string cluster, string region) => $"{cluster}-{region}";

    /// <summary>Name of the secret with a cluster's key and certificates.</summary>
    public static string TlsSecret(string cluster) => $"{cluster}-tls";

    /// <summary>The name that resolves to all nodes of a cluster, never to a virtual address.</summary>
    public static string Peers(string cluster) => $"tasks.{cluster}";
}
