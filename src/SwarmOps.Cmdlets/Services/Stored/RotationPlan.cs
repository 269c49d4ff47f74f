using System.Globalization;
using SwarmOps.Services.Running;

namespace SwarmOps.Services.Stored;

/// <summary>What is to be done so that a name has one version, and all services that use it have that one.</summary>
/// <param name="Present">The version that is right already; null when one must be made.</param>
/// <param name="NextVersion">The number of the version to make.</param>
/// <param name="Newest">The newest version that there is.</param>
/// <param name="Older">The versions to remove in the end.</param>
/// <param name="Services">The services to move, by name.</param>
/// <param name="Jobs">Jobs that use an older version: an update would run them again, so they are left alone.</param>
internal sealed record RotationPlan(
    StoredItem? Present, int NextVersion, StoredItem Newest, IReadOnlyList<StoredItem> Older, IReadOnlyList<ServiceState> Services, IReadOnlyList<ServiceState> Jobs)
{
    /// <summary>Whether nothing is to be done.</summary>
    public bool IsDone => Present is not null && Services.Count == 0 && Removable.Count == 0;

    /// <summary>The older versions that nothing will use any more.</summary>
    public IReadOnlyList<StoredItem> Removable => [.. Older.Where(item => !Jobs.Any(job => StoredReferences.Uses(job.Spec, item)))];

    /// <summary>The labels of the next version: those of the newest, without what the module writes.</summary>
    public IReadOnlyDictionary<string, string> Labels => Newest.Labels.Where(label => !StoredRules.IsReserved(label.Key)).ToDictionary();

    /// <summary>Makes a plan.</summary>
    /// <param name="name">The name.</param>
    /// <param name="all">All secrets or configs of the swarm.</param>
    /// <param name="services">All its services.</param>
    /// <param name="isRight">Whether the newest version has a value as it is wanted; told it, and whether older ones are left.</param>
    /// <returns>The plan; null when there is nothing of that name.</returns>
    public static RotationPlan? Make(string name, IReadOnlyList<StoredItem> all, IReadOnlyList<ServiceState> services, Func<StoredItem, bool, bool> isRight)
    {
        var versions = all.Where(item => item.Name == name).OrderBy(item => item.Version).ToList();
        if (versions.Count == 0)
            return null;
        var newest = versions[^1];
        var older = versions[..^1];
        var present = isRight(newest, older.Count > 0) ? newest : null;
        if (present is null)
            older = versions;
        var users = services.Where(service => older.Any(item => StoredReferences.Uses(service.Spec, item))).OrderBy(service => service.Name, StringComparer.Ordinal).ToList();
        return new RotationPlan(present, Next(all, name, newest.Version), newest, older, [.. users.Where(service => !service.IsJob)], [.. users.Where(service => service.IsJob)]);
    }

    /// <summary>The plan in words.</summary>
    public string Words(StoredKind kind, string name)
    {
        List<string> steps = [];
        if (Present is null)
            steps.Add(string.Create(CultureInfo.InvariantCulture, $"make version {NextVersion} of the {kind.Noun} '{name}'"));
        if (Services.Count > 0)
            steps.Add($"give it to {string.Join(", ", Services.Select(service => service.Name))}, one after the other");
        if (Removable.Count > 0)
            steps.Add($"remove {string.Join(", ", Removable.Select(item => item.ObjectName))}");
        return string.Join("; then ", steps);
    }

    /// <summary>The next number whose object name nothing else has.</summary>
    private static int Next(IReadOnlyList<StoredItem> all, string name, int newest)
    {
        var version = newest + 1;
        while (all.Any(item => item.ObjectName == StoredItem.ObjectNameOf(name, version)))
            version++;
        return version;
    }
}
