namespace SwarmOps.Galera.Formation;

/// <summary>Which node may bootstrap the cluster, if any: never two, and never while data exists elsewhere.</summary>
/// <param name="Founder">The node that gets the bootstrap marker; null if there is a running cluster to join.</param>
internal sealed record FoundingDecision(GaleraPlace? Founder)
{
    /// <summary>Decides from the data directories and the running cluster.</summary>
    /// <param name="request">The cluster.</param>
    /// <param name="directories">The data directory of every node.</param>
    /// <param name="present">The running cluster; null if it has no services.</param>
    /// <param name="elsewhere">The directories of other hosts that may hold the cluster's data.</param>
    /// <exception cref="SwarmOpsException"><c>GaleraMountMissing</c>, <c>GaleraDataMissing</c>, <c>GaleraStatusUnknown</c>, <c>GaleraDirectoryUnfit</c>, <c>GaleraSplit</c>, <c>GaleraForeignData</c>, <c>GaleraMarkerTwice</c>, <c>GaleraDataPresent</c>.</exception>
    public static FoundingDecision Make(
        GaleraRequest request,
        IReadOnlyList<DataDirectory> directories,
        GaleraCluster? present,
        IReadOnlyList<DataDirectory>? elsewhere = null
    )
    {
        if (directories.Concat(elsewhere ?? []).FirstOrDefault(directory => directory.Unmounted is not null) is { } hidden)
            throw GaleraErrors.GaleraMountMissing(hidden.Place.Node, request.DataPath, hidden.Unmounted!);
        if (directories.FirstOrDefault(directory => directory.Trouble is not null) is { } unfit)
            throw GaleraErrors.GaleraDirectoryUnfit(unfit.Place.Node, request.DataPath, unfit.Trouble!);
        if (present?.Status == GaleraStatus.Split)
            throw GaleraErrors.GaleraSplit(present);
        // An image that bootstraps itself has already started; it can only be monitored.
        if (present is not null && request.ImageBootstraps)
            return new FoundingDecision((GaleraPlace?)null);
        if (present?.GaleraNodes.Any(node => node.ClusterStatus == "Primary") is true)
        {
            // A state transfer would overwrite the data of a node that had no service so far.
            if (directories.FirstOrDefault(directory => !directory.IsEmpty && !IsMember(present, directory)) is { } foreign)
                throw GaleraErrors.GaleraForeignData(request.Name, foreign.Place.Node.Name, request.DataPath);
            return new FoundingDecision((GaleraPlace?)null);
        }

        // The disks of unreachable hosts were inspected over SSH, or the operation ended with GaleraHostsUnseen.
        if (present?.GaleraNodes.Where(node => node is { IsSilent: true, IsHostLost: false }).ToList() is { Count: > 0 } silent)
            throw GaleraErrors.GaleraStatusUnknown(request.Name, silent);
        var marked = directories.Where(directory => directory.HasMarker).ToList();
        if (marked.Count > 1)
            throw GaleraErrors.GaleraMarkerTwice(marked.Select(directory => directory.Place.Node.Name));
        // The bootstrap node may have started already; this completes an interrupted run.
        var others = elsewhere ?? [];
        if (
            others.Any(directory => !directory.IsEmpty || directory.HasMarker)
            || directories.Any(directory => !directory.IsEmpty && !directory.HasMarker)
        )
            throw GaleraErrors.GaleraDataPresent(
                request.Name,
                directories
                    .Concat(others)
                    .Where(directory => !directory.IsEmpty || (directory.HasMarker && others.Contains(directory)))
                    .Select(directory => directory.ToString())
            );
        // These are empty because their disks are missing; the data may still exist.
        var lost = directories
            .Where(directory => directory.IsEmpty)
            .Select(directory =>
                (
                    directory.Place.Node.Name,
                    present?.GaleraNodes.FirstOrDefault(node => node.Node == directory.Place.Node.Name)?.HeldHistory
                )
            )
            .Where(place => place.HeldHistory is not null)
            .ToList();
        if (lost.Count > 0)
            throw GaleraErrors.GaleraDataMissing(request.Name, request.DataPath, lost.Select(place => place.Name), lost[0].HeldHistory!);
        return new FoundingDecision(marked.Count == 1 ? marked[0].Place : directories[0].Place);
    }

    private static bool IsMember(GaleraCluster present, DataDirectory directory) =>
        present.GaleraNodes.Any(node => node.Node == directory.Place.Node.Name)
        && (directory.Uuid.Length == 0 || present.Uuid is null || directory.Uuid == present.Uuid);
}
