using System.Text.RegularExpressions;
using SwarmOps.Services.Specification;
using SwarmOps.Services.Stored;

namespace SwarmOps.Galera.Formation;

/// <summary>Validation of a cluster request that needs no node.</summary>
internal static partial class GaleraRules
{
    /// <summary>Galera's own default is 128 MiB; the library rejects less than 1 MiB.</summary>
    private const long SmallestCache = 1L << 20,
        LargestCache = 1L << 40;

    /// <summary>With less, the server does not start with its default buffers.</summary>
    private const long SmallestMemory = 256L << 20;

    /// <summary>Options that decide whether nodes form one cluster; so do all that begin with wsrep.</summary>
    private static readonly string[] Reserved =
    [
        "datadir",
        "socket",
        "port",
        "bind-address",
        "binlog-format",
        "innodb-autoinc-lock-mode",
        "default-storage-engine",
        "skip-networking",
        "user",
    ];

    /// <summary>Checks a request.</summary>
    /// <exception cref="SwarmOpsException">The first error found.</exception>
    public static void Check(GaleraRequest request)
    {
        CheckName(request.Name);
        StoredRules.CheckName(StoredKind.Secret, request.RootSecret);
        CheckDataPath(request.DataPath);
        foreach (var image in new[] { request.Image, request.ArbitratorImage }.OfType<string>())
            ImageName.Normalize(image);
        if (request.CacheSize is { } cache and (< SmallestCache or > LargestCache))
            throw GaleraErrors.GaleraSizeInvalid("The write-set cache size", cache, "1MB to 1TB, such as 512MB");
        if (request.LimitMemory is { } limit and > 0 and < SmallestMemory)
            throw GaleraErrors.GaleraSizeInvalid("The memory limit", limit, "at least 256MB");
        foreach (var option in request.Options.Keys)
            CheckOption(option);
        CheckAccount(request);
        if (request.Layout == GaleraLayout.Global && request.Regions.Count > 0)
            throw GaleraErrors.GaleraRegionGlobal(request.Regions);
        CheckArbitrator(request);
        if (
            request.ImageBootstraps
            && (
                request.Tls is true ? "-Tls"
                : request.Arbitrator is not null ? "-Arbitrator"
                : null
            )
                is { } unfit
        )
            throw GaleraErrors.GaleraImageStartsItself(unfit);
    }

    /// <summary>Checks the name of a cluster, which becomes part of service names, the alias and DNS names.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNameInvalid</c>.</exception>
    public static void CheckName(string name)
    {
        if (!NamePattern().IsMatch(name))
            throw GaleraErrors.GaleraNameInvalid(name);
    }

    /// <summary>Checks the number of nodes.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraTooFewNodes</c>, <c>GaleraEvenCount</c>.</exception>
    public static void CheckCount(IReadOnlyList<GaleraPlace> places)
    {
        var names = places.Select(place => place.Region ?? place.Node.Name).ToList();
        if (places.Count < 3)
            throw GaleraErrors.GaleraTooFewNodes(places.Count, names);
        if (places.Count % 2 == 0)
            throw GaleraErrors.GaleraEvenCount(places.Count, names);
    }

    /// <summary>Checks the data directory.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraDataPathInvalid</c>.</exception>
    public static void CheckDataPath(string path)
    {
        if (
            !PathPattern().IsMatch(path)
            || path.Split('/').Any(part => part is "." or "..")
            || path.Contains("//", StringComparison.Ordinal)
        )
            throw GaleraErrors.GaleraDataPathInvalid(path);
    }

    /// <summary>Checks the name of a server option.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraOptionInvalid</c>, <c>GaleraOptionReserved</c>.</exception>
    public static void CheckOption(string name)
    {
        if (!OptionPattern().IsMatch(name))
            throw GaleraErrors.GaleraOptionInvalid(name);
        var plain = name.Replace('_', '-').ToLowerInvariant();
        if (plain.StartsWith("loose-", StringComparison.Ordinal))
            plain = plain["loose-".Length..];
        if (plain.StartsWith("wsrep", StringComparison.Ordinal) || Reserved.Contains(plain))
            throw GaleraErrors.GaleraOptionReserved(name);
    }

    private static void CheckArbitrator(GaleraRequest request)
    {
        if (request.Arbitrator is not { } region)
            return;
        if (request.Layout == GaleraLayout.Global)
            throw GaleraErrors.GaleraArbitratorGlobal(region);
        if (request.Regions.Contains(region))
            throw GaleraErrors.GaleraArbitratorHasData(region);
    }

    private static void CheckAccount(GaleraRequest request)
    {
        if (request.User is null != request.Database is null)
            throw GaleraErrors.GaleraUserIncomplete(
                request.User is null ? "-Database was specified without -User" : "-User was specified without -Database"
            );
        foreach (var name in new[] { request.Database, request.User }.OfType<string>())
        {
            if (!AccountPattern().IsMatch(name))
                throw GaleraErrors.GaleraDatabaseNameInvalid(name);
        }

        if (request.UserSecret is { } secret)
            StoredRules.CheckName(StoredKind.Secret, secret);
    }

    [GeneratedRegex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^(/[A-Za-z0-9._@-]+){2,}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex OptionPattern();

    [GeneratedRegex("^[A-Za-z0-9_]{1,32}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex AccountPattern();
}
