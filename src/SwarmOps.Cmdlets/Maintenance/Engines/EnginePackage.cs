using SwarmOps.Nodes.Preflight;

namespace SwarmOps.Maintenance.Engines;

/// <summary>The apt package that an engine was installed by, and the versions of it that the host's package sources have.</summary>
/// <param name="Name"><c>docker-ce</c> or <c>docker.io</c>.</param>
/// <param name="Versions">The versions as apt writes them, the newest first.</param>
internal sealed record EnginePackage(string Name, IReadOnlyList<string> Versions)
{
    /// <summary>The script that finds it, from the lists that the host has.</summary>
    public const string Script = """
        for package in docker-ce docker.io; do
            case $(dpkg-query -W -f='${db:Status-Abbrev}' $package 2>/dev/null) in
                ?i*)
                    echo "package $package"
                    LC_ALL=C apt-cache madison $package 2>/dev/null | cut -d '|' -f 2 | sed 's/^ */version /'
                    break
                    ;;
            esac
        done
        true
        """;

    /// <summary>The releases that the package sources have, pre-releases left out.</summary>
    public IReadOnlySet<EngineRelease> Releases =>
        Versions.Select(ReleaseOf).OfType<EngineRelease>().Where(release => !release.IsPreRelease).ToHashSet();

    /// <summary>The newest version of a release; null when there is none.</summary>
    public string? Find(EngineRelease release) => Versions.FirstOrDefault(version => ReleaseOf(version) == release);

    /// <summary>Reads the script's output; null when no known package is installed.</summary>
    public static EnginePackage? Parse(string output)
    {
        var lines = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .Where(words => words.Length == 2)
            .ToLookup(words => words[0], words => words[1].Trim());
        return lines["package"].FirstOrDefault() is { } name ? new EnginePackage(name, [.. lines["version"].Distinct()]) : null;
    }

    /// <summary>The release of a version such as <c>5:28.5.2-1~debian.12~bookworm</c>.</summary>
    private static EngineRelease? ReleaseOf(string version) =>
        EngineRelease.TryParse(version[(version.IndexOf(':', StringComparison.Ordinal) + 1)..]);
}
