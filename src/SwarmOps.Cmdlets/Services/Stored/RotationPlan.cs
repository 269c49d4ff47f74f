using System.Globalization;
using SwarmOps.Services.Running;

namespace SwarmOps.Services.Stored;

/// <summary>The steps after which a name has one version, which all services that use the name have.</summary>
/// <param name="Present">The version that already has the wanted value; null if a new one must be created.</param>
/// <param name="NextVersion">The number of the version to create.</param>
/// <param name="Newest">The newest existing version.</param>
/// <param name="Older">The versions to remove at the end.</param>
/// <param name="Services">The services to move, by name.</param>
/// <param name="Jobs">Jobs that use an older version: an update would run them again, so they are not changed.</param>
internal sealed record RotationPlan(
    StoredItem? Present,
    int NextVersion,
    StoredItem Newest,
    IReadOnlyList<StoredItem> Older,
    IReadOnlyList<ServiceState> Services,
    IReadOnlyList<ServiceState> Jobs
)
{
    /// <summary>Whether there is nothing to do.</summary>
    public bool IsDone => Present is not null && Services.Count == 0 && Removable.Count == 0;

    /// <summary>The older versions that no service will use any more.</summary>
    public IReadOnlyList<StoredItem> Removable => [.. Older.Where(item => !Jobs.Any(job => StoredReferences.Uses(job.Spec, item)))];

    /// <summary>The labels of the next version: those of the newest, without the module's own.</summary>
    public IReadOnlyDictionary<string, string> Labels => Newest.Labels.Where(label => !StoredRules.IsReserved(label.Key)).ToDictionary();

    /// <summary>Creates a plan.</summary>
    /// <param name="name">The name.</param>
    /// <param name="all">All secrets or configs of the swarm.</param>
    /// <param name="services">All its services.</param>
    /// <param name="isRight">Whether the newest version has the wanted value; receives it, and whether older ones exist.</param>
    /// <returns>The plan; null if the name does not exist.</returns>
    public static RotationPlan? Make(
        string name,
        IReadOnlyList<StoredItem> all,
        IReadOnlyList<ServiceState> services,
        Func<StoredItem, bool, bool> isRight
    )
    {
        var versions = all.Where(item => item.Name == name).OrderBy(item => item.Version).ToList();
        if (versions.Count == 0)
            return null;
        var newest = versions[^1];
        var older = versions[..^1];
        var present = isRight(newest, older.Count > 0) ? newest : null;
        if (present is null)
            older = versions;
        var users = services
            .Where(service => older.Any(item => StoredReferences.Uses(service.Spec, item)))
            .OrderBy(service => service.Name, StringComparer.Ordinal)
            .ToList();
        return new RotationPlan(
            present,
            Next(all, name, newest.Version),
            newest,
            older,
            [.. users.Where(service => !service.IsJob)],
            [.. users.Where(service => service.IsJob)]
        );
    }

    /// <summary>The plan as text.</summary>
    public string Words(StoredKind kind, string name)
    {
        List<string> steps = [];
        if (Present is null)
            steps.Add(string.Create(CultureInfo.InvariantCulture, $"create version {NextVersion} of the {kind.Noun} '{name}'"));
        if (Services.Count > 0)
            steps.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"move {string.Join(", ", Services.Select(service => service.Name))} to {(Present is null ? "it" : $"version {Present.Version}")}, one at a time"
                )
            );
        if (Removable.Count > 0)
            steps.Add($"remove {string.Join(", ", Removable.Select(item => item.ObjectName))}");
        return string.Join("; then ", steps) is { Length: > 0 } text ? char.ToUpperInvariant(text[0]) + text[1..] : "";
    }

    /// <summary>The next number whose object name is not in use.</summary>
    private static int Next(IReadOnlyList<StoredItem> all, string name, int newest)
    {
        var version = newest + 1;
        while (all.Any(item => item.ObjectName == StoredItem.ObjectNameOf(name, version)))
            version++;
        return version;
    }
}
