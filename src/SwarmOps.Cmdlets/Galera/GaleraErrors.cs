using System.Globalization;
using System.Text;

namespace SwarmOps.Galera;

/// <summary>The errors of Galera clusters, each with its id and the next step (docs/errors/galera.md).</summary>
internal static class GaleraErrors
{
    public static SwarmOpsException GaleraNameInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not a valid name of a Galera cluster.",
            "Use 1 to 32 lower-case letters, digits and '-', starting with a letter and not ending with '-': the name is used in DNS.",
            name
        );

    public static SwarmOpsException GaleraOverlayNotFound(string name, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"The swarm {swarmId} has no overlay network '{name}'.",
            $"Create it with New-EncryptedOverlay -Name {name}, or list the existing ones with Get-SwarmOverlay.",
            name
        );

    public static SwarmOpsException GaleraNodeWithoutRegion(SwarmNode node) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{node.Name}' has no region, and one Galera node is created in each region.",
            $"Set its region ($nodes | Where-Object Name -eq '{node.Name}' | Set-SwarmNode -Region eu-central-1), or select the regions that get a Galera node with -Region.",
            node
        );

    public static SwarmOpsException GaleraRegionUnknown(string region, IEnumerable<string> known) =>
        new(
            ErrorKind.InvalidArgument,
            $"No node of the node set is in the region '{region}'. Regions of the node set: {string.Join(", ", known)}.",
            "Correct -Region, or add a node of that region to the node set.",
            region
        );

    public static SwarmOpsException GaleraRegionNameInvalid(string region) =>
        new(
            ErrorKind.InvalidArgument,
            $"The region name '{region}' cannot be part of a service name.",
            "Use region names of letters, digits and '-': Set-SwarmNode -Region.",
            region
        );

    public static SwarmOpsException GaleraTooFewNodes(int count, IEnumerable<string> places) =>
        new(
            ErrorKind.InvalidArgument,
            $"With {count} Galera node(s) ({string.Join(", ", places)}) the cluster would lose its quorum when one fails; the minimum is three.",
            "Pass nodes of at least three regions.",
            count
        );

    public static SwarmOpsException GaleraEvenCount(int count, IEnumerable<string> places) =>
        new(
            ErrorKind.InvalidArgument,
            $"{count} Galera nodes ({string.Join(", ", places)}) are an even number: if the network splits them into halves, neither half has a quorum and both refuse writes; {count - 1} nodes tolerate as many failures.",
            "Use an odd number of nodes: select their regions with -Region.",
            count
        );

    public static SwarmOpsException GaleraSetIncomplete(IEnumerable<string> missing) =>
        new(
            ErrorKind.InvalidArgument,
            $"The layout Global runs a Galera node on every member of the swarm, but these members are not in the node set, so their data directories cannot be inspected: {string.Join(", ", missing)}.",
            "Pass all nodes of the swarm, or use -Layout PerRegion.",
            missing.First()
        );

    public static SwarmOpsException GaleraNodeNotUsable(string name) =>
        new(
            ErrorKind.InvalidState,
            $"'{name}' must run a Galera node, but is not Ready with the availability Active.",
            "Check its state with Get-SwarmNode, then make it available with Set-SwarmNode -Availability Active, or select other regions with -Region.",
            name
        );

    public static SwarmOpsException GaleraDataPathInvalid(string path) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{path}' is not a valid data directory on the hosts.",
            "Specify an absolute path at least two levels deep, such as /srv/mysql, of letters, digits, '.', '_', '@' and '-', without '..'.",
            path
        );

    public static SwarmOpsException GaleraSizeInvalid(string what, long value, string range) =>
        new(
            ErrorKind.InvalidArgument,
            string.Create(CultureInfo.InvariantCulture, $"{what} {value} is out of range."),
            $"Specify {range}.",
            value
        );

    public static SwarmOpsException GaleraOptionInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not a valid name of a server option.",
            "Specify options as in MariaDB, without the leading dashes: -MariaDbOption @{ 'innodb-buffer-pool-size' = '1G' }.",
            name
        );

    public static SwarmOpsException GaleraOptionReserved(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"The option '{name}' is required for the cluster to work, and SwarmOps sets it.",
            "Remove it from -MariaDbOption. Cache size and WAN timeouts have their own parameters.",
            name
        );

    public static SwarmOpsException GaleraUserIncomplete(string why) =>
        new(ErrorKind.InvalidArgument, $"The application's account is incomplete: {why}.", "Specify both -Database and -User.", why);

    public static SwarmOpsException GaleraDatabaseNameInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not a valid name of a database or account here.",
            "Use 1 to 32 letters, digits and '_'.",
            name
        );

    public static SwarmOpsException GaleraDirectoryUnfit(SwarmNode node, string path, string why) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}': {path} cannot hold a database: {why}.",
            "Fix the problem on the host, or specify another -DataPath.",
            node
        );

    public static SwarmOpsException GaleraMountMissing(SwarmNode node, string path, string mount) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}': {path} depends on a missing mount: {mount}. The content of that file system is unknown, so nothing was changed.",
            "Mount it on the host, then run the same command again. If it is no longer used, remove it from /etc/fstab or disable and delete its mount unit, or specify another -DataPath.",
            node
        );

    public static SwarmOpsException GaleraDataMissing(string cluster, string path, IEnumerable<string> nodes, string uuid) =>
        new(
            ErrorKind.InvalidState,
            $"{path} is empty on {string.Join(", ", nodes)}, which held the data of the cluster '{cluster}' (state UUID {uuid}): the disks may not be mounted. No new cluster was bootstrapped, and nothing was changed.",
            $"Mount the disks, then run Repair-GaleraCluster -Name {cluster}. If the data cannot be recovered, run Remove-GaleraService -Name {cluster}, then run the same command again.",
            cluster
        );

    public static SwarmOpsException GaleraDirectoryUnknown(IEnumerable<string> nodes) =>
        new(
            ErrorKind.Connection,
            $"The data directories on {string.Join(", ", nodes)} could not be inspected; a cluster is bootstrapped only if all data directories are known to be empty.",
            "Fix the error that was reported for each node, then run the same command again.",
            nodes.First()
        );

    public static SwarmOpsException GaleraDataPresent(string cluster, IEnumerable<string> held) =>
        new(
            ErrorKind.InvalidState,
            $"The cluster '{cluster}' is not running, but there is existing data: {string.Join("; ", held)}. A new cluster would not contain that data. Nothing was changed.",
            $"To recover the existing cluster, run Repair-GaleraCluster -Name {cluster}. To create a new one, move those directories away or specify another -DataPath.",
            cluster
        );

    public static SwarmOpsException GaleraForeignData(string cluster, string node, string path) =>
        new(
            ErrorKind.InvalidState,
            $"'{node}' should join the cluster '{cluster}', but its directory {path} contains data that is not part of the cluster, and the state transfer would delete it.",
            "Move the data away on the host, or specify another -DataPath.",
            node
        );

    public static SwarmOpsException GaleraMarkerTwice(IEnumerable<string> nodes) =>
        new(
            ErrorKind.InvalidState,
            $"{string.Join(" and ", nodes)} each have a bootstrap marker and would bootstrap separate clusters.",
            $"Remove {GaleraNames.Marker} from the data directories of all but one of them, then run the same command again.",
            nodes.First()
        );

    public static SwarmOpsException GaleraLayoutDiffers(string cluster, string present) =>
        new(
            ErrorKind.InvalidState,
            $"The cluster '{cluster}' already exists with the layout {present}.",
            "Specify the existing layout with -Layout, or remove the cluster first (Remove-GaleraService), which keeps its data directories.",
            cluster
        );

    public static SwarmOpsException GaleraSplit(GaleraCluster cluster) =>
        new(
            ErrorKind.InvalidState,
            $"The cluster '{cluster.Name}' is {string.Join("; ", cluster.Findings)}.",
            $"Check Get-GaleraCluster -Name {cluster.Name}, then run Repair-GaleraCluster, which keeps the data of one component and moves the other data aside.",
            cluster.Name
        );

    public static SwarmOpsException GaleraStatusUnknown(string cluster, IReadOnlyList<GaleraNode> silent) =>
        new(
            ErrorKind.InvalidState,
            $"'{cluster}': {(silent.Count == 1 ? "a server that may be running does" : $"{silent.Count} servers that may be running do")} not report whether {(silent.Count == 1 ? "it is" : "they are")} in a Primary Component: "
                + $"{string.Join("; ", silent.Select(node => $"{node.Node} ({node.Error})"))}. {(silent.Count == 1 ? "It" : "They")} may accept writes and {(silent.Count == 1 ? "was" : "were")} not stopped.",
            UnknownAdvice(cluster, silent),
            cluster
        );

    private static string UnknownAdvice(string cluster, IReadOnlyList<GaleraNode> silent)
    {
        var advice = new StringBuilder();
        if (silent.FirstOrDefault(node => node.IsHostLost) is { } lost)
            advice.Append(
                CultureInfo.InvariantCulture,
                $"Start {lost.Node}, or add it to the node set so that its engine can be queried. If it is lost and will never run again, Repair-GaleraCluster -Force continues without it. "
            );
        var others = silent.Where(node => node is { IsHostLost: false, RefusedSecret: null }).Select(node => node.Node).ToList();
        if (others.Count > 0)
            advice.Append(
                CultureInfo.InvariantCulture,
                $"Fix the error reported for {string.Join(", ", others)}, and make sure that {(others.Count == 1 ? "this node is" : "these nodes are")} in the node set. "
            );
        if (silent.FirstOrDefault(node => !node.IsHostLost) is { } asked)
        {
            advice
                .Append(
                    CultureInfo.InvariantCulture,
                    $"If a server rejects the password or accepts no more connections, specify another account: Repair-GaleraCluster -Name {cluster} -RootCredential (Get-Credential root). "
                )
                .Append(
                    CultureInfo.InvariantCulture,
                    $"If root's password was changed by SQL, update the secret, too: Update-SwarmSecret -Name {silent.Select(node => node.RefusedSecret).OfType<string>().FirstOrDefault() ?? "GALERA_ROOT_PASSWORD"} -Value ... "
                )
                .Append(CultureInfo.InvariantCulture, $"If a server hangs, check its log: Get-SwarmServiceLog -Name {asked.Service}.");
        }

        return advice.ToString().TrimEnd();
    }

    public static SwarmOpsException GaleraHostsUnseen(string cluster, IReadOnlyList<string> hosts) =>
        new(
            ErrorKind.Connection,
            $"{string.Join(", ", hosts)} may hold data of the cluster '{cluster}' and could not be inspected. The cluster is not running, and no new cluster is bootstrapped while existing data may be there. Nothing was changed.",
            $"Start these hosts, add them to the node set, then run the same command again. If they are permanently lost: to recover from the nodes that have the data, run Repair-GaleraCluster -Name {cluster} -Force; to create an empty cluster, first run Remove-GaleraService -Name {cluster} and Remove-SwarmNode.",
            hosts[0]
        );

    public static SwarmOpsException GaleraImageUnfit(string image, string why) =>
        new(
            ErrorKind.InvalidData,
            $"The image '{image}' cannot run a Galera node: {why}.",
            "Use MariaDB's official image or one with its entry point (-Image): it needs bash, getent, gosu, mariadb-backup, socat and the Galera library.",
            image
        );

    public static SwarmOpsException GaleraNodeNotSynced(string node, string last, TimeSpan limit) =>
        new(
            ErrorKind.Timeout,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The Galera node on '{node}' was not Synced within {limit.TotalSeconds:0} s; last state: {last}."
            ),
            "Run the same command again to continue waiting, with a longer -TimeoutSeconds for large databases. Check the node's log with Get-SwarmServiceLog, and the network with Test-SwarmOverlay.",
            node
        );

    public static SwarmOpsException GaleraNodeEnds(GaleraNode node) =>
        new(
            ErrorKind.InvalidState,
            $"The Galera node on '{node.Node}' keeps exiting: {node.Error}.",
            $"Fix the reported problem, then run the same command again. For more of its log, run Get-SwarmServiceLog -Name {node.Service} -Tail 50.",
            node.Node
        );

    public static SwarmOpsException GaleraNotFound(string name, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"The swarm {swarmId} has no Galera cluster '{name}'.",
            "List the clusters with Get-GaleraCluster without -Name.",
            name
        );

    public static SwarmOpsException GaleraDataOutOfReach(IReadOnlyList<string> nodes) =>
        new(
            ErrorKind.Connection,
            $"The data directories on {string.Join(", ", nodes)} cannot be reached, so they could not be deleted. Nothing was removed.",
            "Add these nodes to the node set and fix the errors reported for them, or omit -RemoveData.",
            nodes[0]
        );

    public static SwarmOpsException GaleraDataUnlike(SwarmNode node, string path) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}': {path} contains files, but no database, so it was not deleted. Nothing was removed.",
            "Check its content, then move it away, or omit -RemoveData.",
            node
        );

    public static SwarmOpsException GaleraRegionGlobal(IEnumerable<string> regions) =>
        new(
            ErrorKind.InvalidArgument,
            $"The layout Global runs a Galera node on every node of the swarm and cannot be limited to {string.Join(", ", regions)} with -Region. Nothing was changed.",
            "Omit -Region, or use -Layout PerRegion.",
            regions.First()
        );

    public static SwarmOpsException GaleraOverlaySecond(string first, string second) =>
        new(
            ErrorKind.InvalidArgument,
            $"The overlay networks '{first}' and '{second}' were specified, but a cluster uses one overlay network. Nothing was changed.",
            $"Specify one: $nodes | New-GaleraService -Overlay {first}. A second cluster needs another -Name and -DataPath.",
            second
        );

    public static SwarmOpsException GaleraParameterUnused(string parameter, string needed) =>
        new(
            ErrorKind.InvalidArgument,
            $"{parameter} has no effect without {needed}. Nothing was changed.",
            $"Add {needed}, or omit {parameter}.",
            parameter
        );

    public static SwarmOpsException GaleraArbitratorGlobal(string region) =>
        new(
            ErrorKind.InvalidArgument,
            $"The layout Global runs a database on every node, so '{region}' cannot have an arbitrator instead.",
            "Omit -Arbitrator, or use -Layout PerRegion.",
            region
        );

    public static SwarmOpsException GaleraImageStartsItself(string option) =>
        new(
            ErrorKind.InvalidArgument,
            $"{option} is implemented by SwarmOps' start script, which is not used with -ImageBootstraps.",
            $"Omit {option} or -ImageBootstraps.",
            option
        );

    public static SwarmOpsException GaleraArbitratorHasData(string region) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{region}' is specified with both -Region and -Arbitrator: if this region failed, the cluster would lose two votes.",
            "Specify a third region with -Arbitrator.",
            region
        );

    public static SwarmOpsException GaleraArbitratorDiffers(string cluster, string service, bool isArbitrator) =>
        new(
            ErrorKind.InvalidState,
            $"In the cluster '{cluster}' the service '{service}' is already {(isArbitrator ? "the arbitrator" : "a node with data")}.",
            $"Keep the existing -Arbitrator. To change it, remove that service first: Remove-SwarmService -Name {service}.",
            cluster
        );

    public static SwarmOpsException GaleraTlsDiffers(string cluster, bool isOn) =>
        new(
            ErrorKind.InvalidState,
            $"The cluster '{cluster}' runs {(isOn ? "with" : "without")} TLS between its nodes, and nodes with and without TLS cannot communicate.",
            $"Omit -Tls{(isOn ? ":$false" : "")} to keep the current setting. To change it for a cluster with data, see docs/galera.md, TLS.",
            cluster
        );

    public static SwarmOpsException GaleraAccountTooLate(string cluster, string user) =>
        new(
            ErrorKind.InvalidState,
            $"The cluster '{cluster}' already exists. Database and account are created only when a cluster is bootstrapped, so '{user}' would not be created.",
            "Omit -Database and -User, and create the account with SQL.",
            user
        );

    public static SwarmOpsException GaleraQueryFailed(string node, string why) =>
        new(
            ErrorKind.InvalidState,
            $"The server on '{node}' could not be queried: {why}.",
            "If it rejects the password, specify another account with -RootCredential. If it is slow, specify a longer -TimeoutSeconds.",
            node
        );

    public static SwarmOpsException GaleraNotQueryable(string cluster, IReadOnlyDictionary<string, string> reasons) =>
        new(
            ErrorKind.InvalidState,
            $"No server of the cluster '{cluster}' could be queried: {string.Join("; ", reasons.OrderBy(node => node.Key, StringComparer.Ordinal).Select(node => $"{node.Key}: {node.Value}"))}.",
            $"Check the cluster with Get-GaleraCluster -Name {cluster}. If a server rejects the password, specify another account with -RootCredential.",
            cluster
        );

    public static SwarmOpsException GaleraConflictsNotLogged(string node) =>
        new(
            ErrorKind.Permission,
            $"The server on '{node}' did not begin to log conflicts. Nothing was tested, and no server stays changed.",
            "Specify an account that may set global variables with -RootCredential, or omit -LogConflicts.",
            node
        );

    public static SwarmOpsException GaleraDatabaseNotFound(string cluster, string database) =>
        new(
            ErrorKind.NotFound,
            $"The cluster '{cluster}' has no database '{database}' that the account may see. It was not checked.",
            "Correct -Database, or omit it to check all databases.",
            database
        );
}
