namespace SwarmOps.Galera.Formation;

/// <summary>Which node may found the cluster, if any: never two, and never beside data.</summary>
/// <param name="Founder">The node that gets the marker; null when a cluster is there to be joined.</param>
internal sealed record FoundingDecision(GaleraPlace? Founder)
{
    /// <summary>Decides from what is on every disk and what runs.</summary>
    /// <param name="request">The cluster.</param>
    /// <param name="directories">The directory of every place.</param>
    /// <param name="present">The cluster as it runs; null when there is no service of it.</param>
    /// <param name="elsewhere">The directories of other hosts that may hold the cluster's data.</param>
    /// <exception cref="SwarmOpsException"><c>GaleraMountMissing</c>, <c>GaleraDataMissing</c>, <c>GaleraStatusUnknown</c>, <c>GaleraDirectoryUnfit</c>, <c>GaleraSplit</c>, <c>GaleraForeignData</c>, <c>GaleraMarkerTwice</c>, <c>GaleraDataPresent</c>.</exception>
    public static FoundingDecision Make(GaleraRequest request, IReadOnlyList<DataDirectory> directories, GaleraCluster? present, IReadOnlyList<DataDirectory>? elsewhere = null)
    {
        if (directories.Concat(elsewhere ?? []).FirstOrDefault(directory => directory.Unmounted is not null) is { } hidden)
            throw GaleraErrors.GaleraMountMissing(hidden.Place.Node, request.DataPath, hidden.Unmounted!);
        if (directories.FirstOrDefault(directory => directory.Trouble is not null) is { } unfit)
            throw GaleraErrors.GaleraDirectoryUnfit(unfit.Place.Node, request.DataPath, unfit.Trouble!);
        if (present?.Status == GaleraStatus.Split)
            throw GaleraErrors.GaleraSplit(present);
        // An image that founds by itself was let loose already; all that is left is to see what comes of it.
        if (present is not null && request.ImageBootstraps)
            return new FoundingDecision((GaleraPlace?)null);
        if (present?.GaleraNodes.Any(node => node.ClusterStatus == "Primary") is true)
        {
            // A node that has had no service yet would lose what it holds to the state transfer.
            if (directories.FirstOrDefault(directory => !directory.IsEmpty && !IsMember(present, directory)) is { } foreign)
                throw GaleraErrors.GaleraForeignData(request.Name, foreign.Place.Node.Name, request.DataPath);
            return new FoundingDecision((GaleraPlace?)null);
        }

        // The disk of a host that nobody hears of was looked at all the same, or its cluster's data is not begun beside (GaleraHostsUnseen).
        if (present?.GaleraNodes.Where(node => node is { IsSilent: true, IsHostLost: false }).ToList() is { Count: > 0 } silent)
            throw GaleraErrors.GaleraStatusUnknown(request.Name, silent);
        var marked = directories.Where(directory => directory.HasMarker).ToList();
        if (marked.Count > 1)
            throw GaleraErrors.GaleraMarkerTwice(marked.Select(directory => directory.Place.Node.Name));
        // The one that was told to found may have begun; a killed run is finished by the same line.
        var others = elsewhere ?? [];
        if (others.Any(directory => !directory.IsEmpty || directory.HasMarker) || directories.Any(directory => !directory.IsEmpty && !directory.HasMarker))
            throw GaleraErrors.GaleraDataPresent(request.Name, directories.Concat(others).Where(directory => !directory.IsEmpty || (directory.HasMarker && others.Contains(directory))).Select(directory => directory.ToString()));
        // They are empty because their disks are not there: what they held may still be somewhere.
        var lost = directories.Where(directory => directory.IsEmpty).Select(directory => (directory.Place.Node.Name, present?.GaleraNodes.FirstOrDefault(node => node.Node == directory.Place.Node.Name)?.HeldHistory))
            .Where(place => place.HeldHistory is not null).ToList();
        if (lost.Count > 0)
            throw GaleraErrors.GaleraDataMissing(request.Name, request.DataPath, lost.Select(place => place.Name), lost[0].HeldHistory!);
        return new FoundingDecision(marked.Count == 1 ? marked[0].Place : directories[0].Place);
    }

    private static bool IsMember(GaleraCluster present, DataDirectory directory) =>
        present.GaleraNodes.Any(node => node.Node == directory.Place.Node.Name)
        && (directory.Uuid.Length == 0 || present.Uuid is null || directory.Uuid == present.Uuid);
}
