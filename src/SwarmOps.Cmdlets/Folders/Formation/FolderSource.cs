namespace SwarmOps.Folders.Formation;

/// <summary>Which files a folder begins with, and which are moved aside: what holds data is never overwritten, and nobody's files are chosen without being asked.</summary>
/// <param name="Source">The place whose files are copied; null if there are none yet.</param>
/// <param name="Aside">The places whose files are moved aside.</param>
internal sealed record FolderSource(HostFolder? Source, IReadOnlyList<HostFolder> Aside)
{
    /// <summary>Decides.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="kept">The places that keep a copy already.</param>
    /// <param name="joining">The other places.</param>
    /// <param name="hashes">Hashes of the content of places that have files of the same names and sizes as another.</param>
    /// <param name="from">The place that the user named; null for none.</param>
    /// <exception cref="SwarmOpsException"><c>FolderSourceUnknown</c>, <c>FolderSourceEmpty</c>, <c>FolderSourceNotKept</c>, <c>FolderContentDiffers</c>.</exception>
    public static FolderSource Decide(
        string path,
        IReadOnlyList<HostFolder> kept,
        IReadOnlyList<HostFolder> joining,
        IReadOnlyDictionary<FolderPlace, string> hashes,
        string? from
    )
    {
        var all = kept.Concat(joining).ToList();
        var named = from is null
            ? null
            : all.Find(host => string.Equals(host.Place.Name, from, StringComparison.OrdinalIgnoreCase))
                ?? throw FolderErrors.FolderSourceUnknown(from, [.. all.Select(host => host.Place.Name)]);
        var holders = joining.Where(host => host.Files > 0).ToList();
        if (kept.Count > 0)
        {
            var source = kept.MaxBy(host => host.Files)!;
            var differing = holders.Where(host => !kept.Any(other => IsSame(host, other, hashes))).ToList();
            if (named is not null && joining.Contains(named) && differing.Contains(named))
                throw FolderErrors.FolderSourceNotKept(named.Place.Name, [.. kept.Select(host => host.Place.Name)]);
            return differing.Count == 0 || named is not null
                ? new FolderSource(source, differing)
                : throw FolderErrors.FolderContentDiffers(path, [source, .. differing], kept[0].Place.Name);
        }

        if (named is { Files: 0 } && holders.Count > 0)
            throw FolderErrors.FolderSourceEmpty(path, named.Place.Name, [.. holders.Select(host => host.Place.Name)]);
        var first = named ?? holders.FirstOrDefault();
        var others = holders.Where(host => host != first && !IsSame(host, first!, hashes)).ToList();
        return others.Count == 0 || named is not null
            ? new FolderSource(first, others)
            : throw FolderErrors.FolderContentDiffers(path, holders, holders.MaxBy(host => host.Files)!.Place.Name);
    }

    /// <summary>The places whose content must be hashed: those that join with files of the same names and sizes as another place, and these others.</summary>
    public static IReadOnlyList<FolderPlace> ToHash(IReadOnlyList<HostFolder> kept, IReadOnlyList<HostFolder> joining) =>
        [
            .. kept.Concat(joining)
                .Where(host => host.Files > 0)
                .GroupBy(host => host.Listing, StringComparer.Ordinal)
                .Where(group => group.Count() > 1 && group.Any(joining.Contains))
                .SelectMany(group => group.Select(host => host.Place)),
        ];

    private static bool IsSame(HostFolder host, HostFolder other, IReadOnlyDictionary<FolderPlace, string> hashes) =>
        host.Listing == other.Listing
        && hashes.TryGetValue(host.Place, out var hash)
        && hashes.TryGetValue(other.Place, out var otherHash)
        && hash == otherHash
        && hash.Length > 0;
}
