namespace SwarmOps.Folders.Formation;

/// <summary>What is to be done for a folder.</summary>
/// <param name="Places">All of its copies: those it keeps, also on nodes that did not answer, and new ones.</param>
/// <param name="Joining">The hosts that get a copy.</param>
/// <param name="Source">Whose files are copied, and whose are moved aside.</param>
/// <param name="Owner">The owner of the files.</param>
/// <param name="Disks">The directories on the hosts.</param>
internal sealed record FolderPlan(
    IReadOnlyList<FolderPlace> Places,
    IReadOnlyList<HostFolder> Joining,
    FolderSource Source,
    FolderOwner Owner,
    HostFolders Disks
);
