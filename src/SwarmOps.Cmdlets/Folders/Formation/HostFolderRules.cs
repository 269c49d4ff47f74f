namespace SwarmOps.Folders.Formation;

/// <summary>Whether the hosts can hold a folder.</summary>
internal static class HostFolderRules
{
    /// <summary>Syncthing receives nothing when less than this is free (<c>minDiskFree</c>).</summary>
    private const double LeastFree = 0.01;

    /// <summary>Checks what was found on a host that gets a copy.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="host">The host.</param>
    /// <exception cref="SwarmOpsException"><c>FolderDirectoryUnfit</c>, <c>FolderHoldsDatabase</c>.</exception>
    public static void CheckDirectory(string path, HostFolder host)
    {
        if (host.Fault is { } fault)
            throw FolderErrors.FolderDirectoryUnfit(host.Place.Name, path, fault);
        if (host.IsReadOnly)
            throw FolderErrors.FolderDirectoryUnfit(host.Place.Name, path, $"its file system, {host.Mount}, is mounted read-only");
        if (host.Databases.Count > 0)
            throw FolderErrors.FolderHoldsDatabase(host.Place.Name, path, host.Databases);
    }

    /// <summary>Checks that a copy that was kept before is still there: an empty directory in its place is a disk that is not mounted.</summary>
    /// <exception cref="SwarmOpsException"><c>FolderDirectoryUnfit</c>, <c>FolderMarkerMissing</c>.</exception>
    public static void CheckKept(string folder, string path, HostFolder host)
    {
        if (host.Fault is { } fault)
            throw FolderErrors.FolderDirectoryUnfit(host.Place.Name, path, fault);
        if (!host.HasMarker)
            throw FolderErrors.FolderMarkerMissing(folder, host.Place.Name, path);
    }

    /// <summary>Checks that the files of the source fit on a host.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="host">The host.</param>
    /// <param name="source">The host whose files are copied; null if there are none.</param>
    /// <param name="hasThem">Whether the host has these files already.</param>
    /// <exception cref="SwarmOpsException"><c>FolderDiskTooSmall</c>.</exception>
    public static void CheckSpace(string path, HostFolder host, HostFolder? source, bool hasThem)
    {
        var needed = hasThem ? 0 : source?.Bytes ?? 0;
        var reserve = (long)(host.TotalBytes * LeastFree);
        if (host.FreeBytes - needed < reserve)
            throw FolderErrors.FolderDiskTooSmall(host.Place.Name, path, host.Mount, needed, host.FreeBytes, reserve);
    }

    /// <summary>The owner of the files: the requested one, else that of the existing directory. All files must be its own, because Syncthing works as this one user.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="wanted">The requested owner; null if none.</param>
    /// <param name="present">The owner of the existing copies; null if there are none.</param>
    /// <param name="hosts">The hosts that get a copy.</param>
    /// <param name="source">The host whose files are copied; null if there are none.</param>
    /// <exception cref="SwarmOpsException"><c>FolderOwnerDiffers</c>.</exception>
    public static FolderOwner Owner(
        string path,
        FolderOwner? wanted,
        FolderOwner? present,
        IReadOnlyList<HostFolder> hosts,
        HostFolder? source
    )
    {
        var owner = present ?? wanted ?? source?.Owner ?? hosts.Select(host => host.Owner).FirstOrDefault(found => found is not null);
        owner ??= FolderOwner.OfImage;
        foreach (var host in hosts)
        {
            if (host.Owner is { } own && own.User != owner.User)
                throw FolderErrors.FolderOwnerDiffers(host.Place.Name, path, owner, $"the directory belongs to {own}");
            if (host.Users.FirstOrDefault(user => user.Key != owner.User) is { Value: > 0 } foreign)
                throw FolderErrors.FolderOwnerDiffers(
                    host.Place.Name,
                    path,
                    owner,
                    $"{foreign.Value} of its files belong to the user {foreign.Key}"
                );
        }

        return owner;
    }

    /// <summary>Checks that a folder is neither in another shared folder nor contains one.</summary>
    /// <param name="name">The folder.</param>
    /// <param name="paths">Its directory: as requested, and with links resolved.</param>
    /// <param name="others">The other folders and their directories.</param>
    /// <exception cref="SwarmOpsException"><c>FolderNested</c>.</exception>
    public static void CheckNested(string name, IEnumerable<string> paths, IEnumerable<(string Name, string Path)> others)
    {
        var known = others.Where(other => other.Name != name).Distinct().ToList();
        foreach (var path in paths.Where(path => path.Length > 0).Distinct(StringComparer.Ordinal))
        {
            if (known.Find(other => FolderRules.Touches(path, other.Path)) is { Name: not null } nested)
                throw FolderErrors.FolderNested(name, path, nested.Name, nested.Path);
        }
    }
}
