using System.Globalization;
using System.Text;

namespace SwarmOps.Galera;

/// <summary>What can be wrong with Galera clusters, each with its id and the next step (docs/errors/galera.md).</summary>
internal static class GaleraErrors
{
    public static SwarmOpsException GaleraNameInvalid(string name) => new(
        "GaleraNameInvalid",
        ErrorKind.InvalidArgument,
        $"'{name}' cannot be the name of a Galera cluster.",
        "Use 1 to 32 lower-case letters, digits and '-', a letter first and no '-' at the end: it becomes a name in DNS.",
        name);

    public static SwarmOpsException GaleraOverlayNotFound(string name, string swarmId) => new(
        "GaleraOverlayNotFound",
        ErrorKind.NotFound,
        $"The swarm {swarmId} has no overlay network '{name}'.",
        $"Make it: New-EncryptedOverlay -Name {name}; Get-SwarmOverlay lists those that are there.",
        name);

    public static SwarmOpsException GaleraNodeWithoutRegion(SwarmNode node) => new(
        "GaleraNodeWithoutRegion",
        ErrorKind.InvalidArgument,
        $"'{node.Name}' has no region, and each region gets one database node.",
        $"$nodes | Where-Object Name -eq '{node.Name}' | Set-SwarmNode -Region eu-central-1; or name the regions that get a database node with -Region.",
        node);

    public static SwarmOpsException GaleraRegionUnknown(string region, IEnumerable<string> known) => new(
        "GaleraRegionUnknown",
        ErrorKind.InvalidArgument,
        $"No node of the set is in the region '{region}'; the regions are: {string.Join(", ", known)}.",
        "Correct -Region, or pass that region's node too.",
        region);

    public static SwarmOpsException GaleraRegionNameInvalid(string region) => new(
        "GaleraRegionNameInvalid",
        ErrorKind.InvalidArgument,
        $"The region '{region}' cannot be part of a service's name.",
        "Give the nodes regions of letters, digits and '-': Set-SwarmNode -Label @{ region = '...' }.",
        region);

    public static SwarmOpsException GaleraTooFewNodes(int count, IEnumerable<string> places) => new(
        "GaleraTooFewNodes",
        ErrorKind.InvalidArgument,
        $"{count} database node(s) ({string.Join(", ", places)}) would lose their majority with the first that fails; three are the least.",
        "Pass nodes of at least three regions.",
        count);

    public static SwarmOpsException GaleraEvenCount(int count, IEnumerable<string> places) => new(
        "GaleraEvenCount",
        ErrorKind.InvalidArgument,
        $"{count} database nodes ({string.Join(", ", places)}): cut in halves, neither has a majority and both refuse writes; {count - 1} tolerate as many failures.",
        "Use an odd number: -Region names the regions that get a node.",
        count);

    public static SwarmOpsException GaleraSetIncomplete(IEnumerable<string> missing) => new(
        "GaleraSetIncomplete",
        ErrorKind.InvalidArgument,
        $"The layout Global runs a node on every member of the swarm, and {string.Join(", ", missing)} is not in the node set: its data directory cannot be seen.",
        "Pass all nodes of the swarm, or use -Layout PerRegion.",
        missing.First());

    public static SwarmOpsException GaleraNodeNotUsable(string name) => new(
        "GaleraNodeNotUsable",
        ErrorKind.InvalidState,
        $"'{name}' is not a ready, active member of the swarm, and a database node would have to run there.",
        "Get-SwarmNode shows its state; bring it back (Set-SwarmNode -Availability Active), or leave its region out with -Region.",
        name);

    public static SwarmOpsException GaleraDataPathInvalid(string path) => new(
        "GaleraDataPathInvalid",
        ErrorKind.InvalidArgument,
        $"'{path}' cannot be the data directory on the hosts.",
        "Give an absolute path below one of the host's directories, such as /srv/mysql, without '..', ':' and line breaks.",
        path);

    public static SwarmOpsException GaleraSizeInvalid(string what, long value, string range) => new(
        "GaleraSizeInvalid",
        ErrorKind.InvalidArgument,
        string.Create(CultureInfo.InvariantCulture, $"{what} {value} is out of range."),
        $"Give {range}.",
        value);

    public static SwarmOpsException GaleraOptionInvalid(string name) => new(
        "GaleraOptionInvalid",
        ErrorKind.InvalidArgument,
        $"'{name}' cannot be the name of a server option.",
        "Write options as MariaDB does, without the leading dashes: -MariaDbOption @{ 'innodb-buffer-pool-size' = '1G' }.",
        name);

    public static SwarmOpsException GaleraOptionReserved(string name) => new(
        "GaleraOptionReserved",
        ErrorKind.InvalidArgument,
        $"The option '{name}' is what holds the cluster together; SwarmOps sets it.",
        "Leave it out of -MariaDbOption. The sizes of caches and the WAN timeouts have parameters of their own.",
        name);

    public static SwarmOpsException GaleraUserIncomplete(string why) => new(
        "GaleraUserIncomplete",
        ErrorKind.InvalidArgument,
        $"The application's account is not complete: {why}.",
        "Give -Database and -User together.",
        why);

    public static SwarmOpsException GaleraDatabaseNameInvalid(string name) => new(
        "GaleraDatabaseNameInvalid",
        ErrorKind.InvalidArgument,
        $"'{name}' cannot be the name of a database or account here.",
        "Use 1 to 32 letters, digits and '_'.",
        name);

    public static SwarmOpsException GaleraDirectoryUnfit(SwarmNode node, string path, string why) => new(
        "GaleraDirectoryUnfit",
        ErrorKind.InvalidState,
        $"'{node.Name}': {path} cannot hold a database: {why}.",
        "Correct it on the host, or give another -DataPath.",
        node);

    public static SwarmOpsException GaleraMountMissing(SwarmNode node, string path, string mount) => new(
        "GaleraMountMissing",
        ErrorKind.InvalidState,
        $"'{node.Name}': {path} depends on a mount that is missing: {mount}. What that file system holds is unknown, so nothing was changed.",
        "Mount it on the host and run again. If it is no longer used, remove it from /etc/fstab or disable and delete its mount unit, or give another -DataPath.",
        node);

    public static SwarmOpsException GaleraDataMissing(string cluster, string path, IEnumerable<string> nodes, string uuid) => new(
        "GaleraDataMissing",
        ErrorKind.InvalidState,
        $"{path} is empty on {string.Join(", ", nodes)}, which held the data of the cluster '{cluster}' (history {uuid}): the disks may not be mounted. A new cluster was not founded, and nothing was changed.",
        $"Mount the disks and run Repair-GaleraCluster -Name {cluster}. If the data is lost for good: Remove-GaleraService -Name {cluster}, then the same line again.",
        cluster);

    public static SwarmOpsException GaleraDirectoryUnknown(IEnumerable<string> nodes) => new(
        "GaleraDirectoryUnknown",
        ErrorKind.Connection,
        $"The data directories on {string.Join(", ", nodes)} could not be looked at; a cluster is founded only when every one is known to be empty.",
        "Fix the node's own error first, then run the same command again.",
        nodes.First());

    public static SwarmOpsException GaleraDataPresent(string cluster, IEnumerable<string> held) => new(
        "GaleraDataPresent",
        ErrorKind.InvalidState,
        $"There is data already, and no running cluster '{cluster}' that it belongs to: {string.Join("; ", held)}. To found a new cluster would part from it.",
        $"To bring the old cluster back: Repair-GaleraCluster -Name {cluster}. To begin anew: move those directories away, or give another -DataPath.",
        cluster);

    public static SwarmOpsException GaleraForeignData(string cluster, string node, string path) => new(
        "GaleraForeignData",
        ErrorKind.InvalidState,
        $"'{node}' is to join the cluster '{cluster}', and {path} there holds data that is not the cluster's: the state transfer would delete it.",
        "Move it away on the host, or give another -DataPath.",
        node);

    public static SwarmOpsException GaleraMarkerTwice(IEnumerable<string> nodes) => new(
        "GaleraMarkerTwice",
        ErrorKind.InvalidState,
        $"{string.Join(" and ", nodes)} both have the marker that lets a node found a cluster: they would found two.",
        $"Remove {GaleraNames.Marker} from the data directories of all but one of them, and run again.",
        nodes.First());

    public static SwarmOpsException GaleraLayoutDiffers(string cluster, string present) => new(
        "GaleraLayoutDiffers",
        ErrorKind.InvalidState,
        $"The cluster '{cluster}' is there in the layout {present}.",
        "Leave -Layout as it is, or remove the cluster first (Remove-GaleraService); its data directories stay.",
        cluster);

    public static SwarmOpsException GaleraSplit(GaleraCluster cluster) => new(
        "GaleraSplit",
        ErrorKind.InvalidState,
        $"'{cluster.Name}' is {string.Join("; ", cluster.Findings)}.",
        $"Look at Get-GaleraCluster -Name {cluster.Name}; Repair-GaleraCluster keeps one history and moves the others aside.",
        cluster.Name);

    public static SwarmOpsException GaleraStatusUnknown(string cluster, IReadOnlyList<GaleraNode> silent) => new(
        "GaleraStatusUnknown",
        ErrorKind.InvalidState,
        $"'{cluster}': {(silent.Count == 1 ? "a server runs, or may run, and does" : $"{silent.Count} servers run, or may run, and do")} not say whether {(silent.Count == 1 ? "it is" : "they are")} in a Primary component: "
            + $"{string.Join("; ", silent.Select(node => $"{node.Node} ({node.Error})"))}. {(silent.Count == 1 ? "It" : "They")} may well take writes, and {(silent.Count == 1 ? "was" : "were")} not stopped.",
        UnknownAdvice(cluster, silent),
        cluster);

    private static string UnknownAdvice(string cluster, IReadOnlyList<GaleraNode> silent)
    {
        var advice = new StringBuilder();
        if (silent.FirstOrDefault(node => node.IsHostLost) is { } lost)
            advice.Append(CultureInfo.InvariantCulture, $"Bring {lost.Node} back, or pass it in the node set so that its own engine can be asked; one that is lost for good and will never run again is left behind by Repair-GaleraCluster -Force. ");
        var others = silent.Where(node => node is { IsHostLost: false, RefusedSecret: null }).Select(node => node.Node).ToList();
        if (others.Count > 0)
            advice.Append(CultureInfo.InvariantCulture, $"Fix the error that the message gives for {string.Join(", ", others)}, and pass {(others.Count == 1 ? "that node" : "those nodes")} in the node set. ");
        if (silent.FirstOrDefault(node => !node.IsHostLost) is { } asked)
        {
            advice.Append(CultureInfo.InvariantCulture, $"A server that refuses the password, or takes no more connections, is asked with another account: Repair-GaleraCluster -Name {cluster} -RootCredential (Get-Credential root); ")
                .Append(CultureInfo.InvariantCulture, $"where root's was changed by SQL, give it to the secret too: Update-SwarmSecret -Name {silent.Select(node => node.RefusedSecret).OfType<string>().FirstOrDefault() ?? "GALERA_ROOT_PASSWORD"} -Value ... ")
                .Append(CultureInfo.InvariantCulture, $"One that hangs shows why: Get-SwarmServiceLog -Name {asked.Service}.");
        }

        return advice.ToString().TrimEnd();
    }

    public static SwarmOpsException GaleraHostsUnseen(string cluster, IReadOnlyList<string> hosts) => new(
        "GaleraHostsUnseen",
        ErrorKind.Connection,
        $"{string.Join(", ", hosts)} may hold the data of '{cluster}' and could not be looked at; without a running cluster no other is founded beside them. Nothing was changed.",
        $"Start these hosts, pass them in the node set, and run the same line again. What is lost for good: where other nodes have the data, Repair-GaleraCluster -Name {cluster} -Force; to begin with an empty cluster, Remove-GaleraService -Name {cluster} and Remove-SwarmNode first.",
        hosts[0]);

    public static SwarmOpsException GaleraImageUnfit(string image, string why) => new(
        "GaleraImageUnfit",
        ErrorKind.InvalidData,
        $"The image '{image}' cannot run a Galera node: {why}.",
        "Use MariaDB's official image or one with its entry point (-Image): it needs bash, getent, gosu, mariadb-backup, socat and the Galera library.",
        image);

    public static SwarmOpsException GaleraNodeNotSynced(string node, string last, TimeSpan limit) => new(
        "GaleraNodeNotSynced",
        ErrorKind.Timeout,
        string.Create(CultureInfo.InvariantCulture, $"The database node on '{node}' was not Synced in the cluster within {limit.TotalSeconds:0} s; last seen: {last}."),
        "Run again to wait on, with a longer -TimeoutSeconds for much data. Get-SwarmServiceLog shows what it says; Test-SwarmOverlay whether packets arrive.",
        node);

    public static SwarmOpsException GaleraNodeEnds(GaleraNode node) => new(
        "GaleraNodeEnds",
        ErrorKind.InvalidState,
        $"The database node on '{node.Node}' does not stay up: {node.Error}.",
        $"Correct what it says and run again; Get-SwarmServiceLog -Name {node.Service} -Tail 50 shows more.",
        node.Node);

    public static SwarmOpsException GaleraNotFound(string name, string swarmId) => new(
        "GaleraNotFound",
        ErrorKind.NotFound,
        $"The swarm {swarmId} runs no Galera cluster '{name}'.",
        "Get-GaleraCluster without -Name lists all.",
        name);

    public static SwarmOpsException GaleraDataOutOfReach(IReadOnlyList<string> nodes) => new(
        "GaleraDataOutOfReach",
        ErrorKind.Connection,
        $"The data directories on {string.Join(", ", nodes)} cannot be reached, so they could not be deleted; nothing was removed.",
        "Pass these nodes too and fix their own errors, or omit -RemoveData.",
        nodes[0]);

    public static SwarmOpsException GaleraDataUnlike(SwarmNode node, string path) => new(
        "GaleraDataUnlike",
        ErrorKind.InvalidState,
        $"'{node.Name}': {path} holds files and nothing of a database; it is not deleted, and nothing was removed.",
        "Look what is in it; leave -RemoveData out, or move it away.",
        node);

    public static SwarmOpsException GaleraRegionGlobal(IEnumerable<string> regions) => new(
        "GaleraRegionGlobal",
        ErrorKind.InvalidArgument,
        $"The layout Global runs a database on every node, so it cannot be narrowed to {string.Join(", ", regions)} by -Region. Nothing was changed.",
        "Omit -Region, or use -Layout PerRegion.",
        regions.First());

    public static SwarmOpsException GaleraOverlaySecond(string first, string second) => new(
        "GaleraOverlaySecond",
        ErrorKind.InvalidArgument,
        $"Two overlay networks were given, '{first}' and '{second}', and a cluster is on one. Nothing was changed.",
        $"Name one: $nodes | New-GaleraService -Overlay {first}. A second cluster needs another -Name and -DataPath.",
        second);

    public static SwarmOpsException GaleraParameterUnused(string parameter, string needed) => new(
        "GaleraParameterUnused",
        ErrorKind.InvalidArgument,
        $"{parameter} was given without {needed} and would have no effect. Nothing was changed.",
        $"Add {needed}, or omit {parameter}.",
        parameter);

    public static SwarmOpsException GaleraArbitratorGlobal(string region) => new(
        "GaleraArbitratorGlobal",
        ErrorKind.InvalidArgument,
        $"The layout Global runs a database on every node, so '{region}' cannot have an arbitrator in place of one.",
        "Leave -Arbitrator out, or use -Layout PerRegion.",
        region);

    public static SwarmOpsException GaleraImageStartsItself(string option) => new(
        "GaleraImageStartsItself",
        ErrorKind.InvalidArgument,
        $"With -ImageBootstraps the image starts itself by its own rules, and {option} is made by the start script that it does without.",
        $"Leave {option} out, or -ImageBootstraps.",
        option);

    public static SwarmOpsException GaleraArbitratorHasData(string region) => new(
        "GaleraArbitratorHasData",
        ErrorKind.InvalidArgument,
        $"'{region}' is in -Region, where databases are, and the -Arbitrator too: its one failure would take two votes.",
        "Name a third region as -Arbitrator.",
        region);

    public static SwarmOpsException GaleraArbitratorDiffers(string cluster, string service, bool isArbitrator) => new(
        "GaleraArbitratorDiffers",
        ErrorKind.InvalidState,
        $"In the cluster '{cluster}' the service '{service}' is {(isArbitrator ? "the arbitrator" : "a node with data")} already.",
        $"Leave -Arbitrator as it is; to change it, remove that service first: Remove-SwarmService -Name {service}.",
        cluster);

    public static SwarmOpsException GaleraTlsDiffers(string cluster, bool isOn) => new(
        "GaleraTlsDiffers",
        ErrorKind.InvalidState,
        $"The cluster '{cluster}' runs {(isOn ? "with" : "without")} TLS between its nodes; nodes with and without it cannot speak to each other.",
        $"Omit -Tls{(isOn ? ":$false" : "")} to keep it as it is. How to switch a cluster with its data: docs/galera.md, TLS.",
        cluster);

    public static SwarmOpsException GaleraAccountTooLate(string cluster, string user) => new(
        "GaleraAccountTooLate",
        ErrorKind.InvalidState,
        $"The cluster '{cluster}' is there already, and database and account are made when it is founded: '{user}' would never come to be.",
        "Leave -Database and -User out, and make the account with SQL.",
        user);
}
