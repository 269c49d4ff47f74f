using System.Globalization;
using SwarmOps.Folders.Formation;

namespace SwarmOps.Folders;

/// <summary>The errors of shared folders, each with its id and the next step (docs/errors/folders.md).</summary>
internal static class FolderErrors
{
    public static SwarmOpsException FolderNameInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not a valid name of a shared folder.",
            "Use 1 to 24 lower-case letters, digits and '-', starting with a letter and not ending with '-': the name is used in DNS.",
            name
        );

    public static SwarmOpsException FolderPathInvalid(string path) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{path}' cannot be a shared folder.",
            "Specify an absolute path of at least two parts, such as /srv/uploads, of letters, digits and '.', '_', '@', '-', outside the directories of the system and of the engine.",
            path
        );

    public static SwarmOpsException FolderOwnerInvalid(string owner) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{owner}' is not a valid owner.",
            "Specify user id and group id as numbers, such as 33:33 for www-data of Debian: the container does not know the host's names.",
            owner
        );

    public static SwarmOpsException FolderOverlaySecond(string first, string second) =>
        new(
            ErrorKind.InvalidArgument,
            $"A shared folder uses one overlay network, and two were passed: '{first}' and '{second}'.",
            "Pass one overlay network.",
            second
        );

    public static SwarmOpsException FolderOverlayNotFound(string name, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"The swarm {swarmId} has no overlay network '{name}'.",
            $"Create it with New-EncryptedOverlay -Name {name}, or list the existing ones with Get-SwarmOverlay.",
            name
        );

    public static SwarmOpsException FolderNotFound(string name, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"The swarm {swarmId} has no shared folder '{name}'.",
            "List the folders with Get-SwarmSharedFolder, or create it with New-SwarmSharedFolder.",
            name
        );

    public static SwarmOpsException FolderNodeMissing(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"The shared folder '{name}' came without its nodes.",
            "Specify nodes of its swarm with -Node.",
            name
        );

    public static SwarmOpsException FolderTooFewNodes(string name, IReadOnlyList<string> nodes) =>
        new(
            ErrorKind.InvalidArgument,
            $"The shared folder '{name}' needs at least two nodes, and {(nodes.Count == 0 ? "none answered" : $"only '{nodes[0]}' answered")}. Nothing was changed.",
            "Pass all nodes that should have a copy, then run the same command again.",
            name
        );

    public static SwarmOpsException FolderNodeNotUsable(string node) =>
        new(
            ErrorKind.InvalidState,
            $"'{node}' is not Ready and Active, so no container can start there. Nothing was changed.",
            $"Set it to Active ($nodes | Where-Object Name -eq '{node}' | Set-SwarmNode -Availability Active), or omit it from the node set.",
            node
        );

    public static SwarmOpsException FolderSettingDiffers(string name, string parameter, string present, string wanted) =>
        new(
            ErrorKind.InvalidState,
            $"The shared folder '{name}' exists with {parameter} {present}, and {wanted} was requested. Nothing was changed.",
            $"Omit {parameter} or specify {present}; or remove the folder (Remove-SwarmSharedFolder -Name {name}, its files stay), move the files, and create it again.",
            name
        );

    public static SwarmOpsException FolderServiceTaken(string service) =>
        new(
            ErrorKind.AlreadyExists,
            $"A service '{service}' exists and does not belong to this shared folder. Nothing was changed.",
            "Choose another -Name, or remove that service with Remove-SwarmService.",
            service
        );

    public static SwarmOpsException FolderIdentityForeign(string secret) =>
        new(
            ErrorKind.AlreadyExists,
            $"A secret '{secret}' exists without the label {FolderNames.DeviceLabel}, so it is not the identity of a copy.",
            $"Remove it (Remove-SwarmSecret -Name {secret}), then run the same command again.",
            secret
        );

    public static SwarmOpsException FolderDirectoryUnknown(string path, IReadOnlyList<string> nodes) =>
        new(
            ErrorKind.Connection,
            $"{path} could not be inspected on {string.Join(", ", nodes.Select(node => $"'{node}'"))}: the files there are unknown. Nothing was changed.",
            "Fix the reported errors of these nodes, or omit them from the node set, then run the same command again.",
            path
        );

    public static SwarmOpsException FolderDirectoryUnfit(string node, string path, string fault) =>
        new(
            ErrorKind.InvalidState,
            $"{path} on '{node}' cannot hold a shared folder: {fault}. Nothing was changed.",
            $"Fix this on '{node}', or choose another -Path, then run the same command again.",
            node
        );

    public static SwarmOpsException FolderMarkerMissing(string folder, string node, string path) =>
        new(
            ErrorKind.InvalidState,
            $"{path} on '{node}' had a copy of the shared folder '{folder}', and Syncthing's marker {FolderNames.Marker} is not in it: its disk is probably not mounted, or its files were deleted. Nothing was changed.",
            $"Mount the disk on '{node}'. If its files are lost for good, remove {FolderNames.StatePath(folder)} there, so that the node gets a new copy, then run the same command again.",
            node
        );

    public static SwarmOpsException FolderHoldsDatabase(string node, string path, IReadOnlyList<string> files) =>
        new(
            ErrorKind.InvalidState,
            $"{path} on '{node}' holds files of a database: {string.Join(", ", files)}. Copies of a file that is changed in place are damaged. Nothing was changed.",
            "Choose a directory without databases; for a database on every node, use New-GaleraService.",
            node
        );

    public static SwarmOpsException FolderDiskTooSmall(string node, string path, string mount, long needed, long free, long reserve) =>
        new(
            ErrorKind.InvalidState,
            $"The disk of {path} on '{node}' ({mount}) is too small: the copy needs {Size(needed)}, {Size(free)} are free, and Syncthing stops below {Size(reserve)}. Nothing was changed.",
            $"Free space on '{node}', or choose a -Path on a larger disk, then run the same command again.",
            node
        );

    public static SwarmOpsException FolderOwnerDiffers(string node, string path, FolderOwner owner, string found) =>
        new(
            ErrorKind.InvalidState,
            $"All files of a shared folder belong to one user, here {owner}, and on '{node}' {found}. Nothing was changed.",
            $"Specify -Owner with the user that the application runs as, and give the files to that user on '{node}' (chown -R {owner} {path}), then run the same command again.",
            node
        );

    public static SwarmOpsException FolderNested(string name, string path, string other, string otherPath) =>
        new(
            ErrorKind.InvalidArgument,
            $"The shared folder '{name}' at {path} and the shared folder '{other}' at {otherPath} would contain each other. Nothing was changed.",
            "Choose a -Path that is neither in another shared folder nor contains one.",
            name
        );

    public static SwarmOpsException FolderSourceUnknown(string from, IReadOnlyList<string> nodes) =>
        new(
            ErrorKind.NotFound,
            $"-From names '{from}', which is not among the nodes of the folder: {string.Join(", ", nodes)}.",
            "Specify one of these nodes.",
            from
        );

    public static SwarmOpsException FolderSourceEmpty(string path, string from, IReadOnlyList<string> holders) =>
        new(
            ErrorKind.InvalidArgument,
            $"-From names '{from}', where {path} has no files, while it has files on {string.Join(", ", holders)}. Nothing was changed.",
            $"Specify a node that has the files, such as -From {holders[0]}.",
            from
        );

    public static SwarmOpsException FolderSourceNotKept(string from, IReadOnlyList<string> kept) =>
        new(
            ErrorKind.InvalidArgument,
            $"-From names '{from}', which is about to join a folder that exists already on {string.Join(", ", kept)}. Nothing was changed.",
            $"Specify a node that has a copy of the folder, such as -From {kept[0]}: then the files on '{from}' are moved aside.",
            from
        );

    /// <param name="path">The directory.</param>
    /// <param name="hosts">The hosts with files.</param>
    /// <param name="proposal">A node to propose as source.</param>
    public static SwarmOpsException FolderContentDiffers(string path, IReadOnlyList<HostFolder> hosts, string proposal) =>
        new(
            ErrorKind.InvalidState,
            $"{path} holds different files on several nodes: {string.Join(", ", hosts.Select(host => $"'{host.Place.Name}' {host.Files} files, {Size(host.Bytes)}"))}.",
            $"Specify the node whose files are kept, such as -From {proposal}: on the other nodes the present files are moved aside, not deleted.",
            path
        );

    /// <summary>The same, with the files that differ.</summary>
    public static SwarmOpsException FolderContentDiffers(SwarmOpsException error, IReadOnlyList<string> files)
    {
        var message = $"{error.Message} Files that differ: {string.Join(", ", files)}. Nothing was changed.";
        return new(error.ErrorId, error.Kind, message, error.RecommendedAction, error.Target);
    }

    public static SwarmOpsException FolderNotInSync(string name, IReadOnlyList<string> states, TimeSpan limit) =>
        new(
            ErrorKind.Timeout,
            $"The shared folder '{name}' is not in sync, and nothing has changed for {limit.TotalSeconds:0} s: {string.Join("; ", states)}. Its services keep running.",
            $"Look at Get-SwarmSharedFolder -Name {name} and at Test-SwarmOverlay, then run the same command again; it continues. For slow disks specify a longer -TimeoutSeconds.",
            name
        );

    public static SwarmOpsException FolderCanaryLost(string name, IReadOnlyList<string> paths) =>
        new(
            ErrorKind.Timeout,
            $"The shared folder '{name}' runs, but test files did not arrive: {string.Join("; ", paths)}.",
            $"Look at Get-SwarmSharedFolder -Name {name}, then run the same command again.",
            name
        );

    /// <summary>A size in the unit in which it is read best.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["bytes", "kB", "MB", "GB", "TB"];
        var (value, unit) = ((double)bytes, 0);
        while (Math.Abs(value) >= 1000 && unit < units.Length - 1)
            (value, unit) = (value / 1000, unit + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {units[unit]}");
    }
}
