namespace SwarmOps.Galera;

/// <summary>Names, labels and files of a Galera cluster in the swarm and on its hosts.</summary>
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

    /// <summary>Label of a service: its role, <see cref="DataRole"/> or <see cref="ArbitratorRole"/>; absent means data.</summary>
    public const string RoleLabel = "swarmops.galera.role";

    /// <summary>A node with a database.</summary>
    public const string DataRole = "data";

    /// <summary>An arbitrator, which votes and holds no data.</summary>
    public const string ArbitratorRole = "arbitrator";

    /// <summary>Label of a service that uses Galera's TLS for the traffic between nodes.</summary>
    public const string TlsLabel = "swarmops.galera.tls";

    /// <summary>Data directory in the container (MariaDB's official image).</summary>
    public const string DataTarget = "/var/lib/mysql";

    /// <summary>The bootstrap marker: the file in a data directory that makes its node bootstrap a cluster.</summary>
    public const string Marker = ".swarmops-bootstrap";

    /// <summary>The file in a data directory in which a waiting node reports its position.</summary>
    public const string State = ".swarmops-state";

    /// <summary>Label of a service: the last known state UUID (<c>wsrep_cluster_state_uuid</c>) of its nodes.</summary>
    public const string HistoryLabel = "swarmops.galera.history";

    /// <summary>Label of a service: the hosts, separated by commas, whose data directories have that state UUID.</summary>
    public const string HoldersLabel = "swarmops.galera.holders";

    /// <summary>Labels of a service: owner and mode of its data directories, for recreating one.</summary>
    public const string OwnerLabel = "swarmops.galera.owner",
        ModeLabel = "swarmops.galera.mode";

    /// <summary>The folder for data that was moved aside, in a data directory that is a mount point.</summary>
    public const string Aside = ".swarmops-aside";

    /// <summary>The file in such a directory that names the folder while data is being moved.</summary>
    public const string Moving = ".swarmops-moving";

    /// <summary>The file in a directory whose data was moved aside; it contains the new path.</summary>
    public const string Emptied = ".swarmops-emptied";

    /// <summary>The file in a data directory that must be moved aside before its node runs again, because it accepted writes that the kept component does not have.</summary>
    public const string Condemned = ".swarmops-diverged";

    /// <summary>Paths of the scripts in a container.</summary>
    public const string StartTarget = "/galera-start.sh",
        HealthTarget = "/galera-health.sh";

    /// <summary>Name of a region's service.</summary>
    public static string Service(string cluster, string region) => $"{cluster}-{region}";

    /// <summary>Name of the secret with a cluster's key and certificates.</summary>
    public static string TlsSecret(string cluster) => $"{cluster}-tls";

    /// <summary>The DNS name that resolves to all nodes of a cluster, not to a virtual IP.</summary>
    public static string Peers(string cluster) => $"tasks.{cluster}";
}
