using SwarmOps.Services.Specification;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Specification;

namespace SwarmOps.Stacks.Planning;

/// <summary>What has to be done so that the swarm has what the files say.</summary>
internal sealed record StackPlan
{
    public required StackNames Names { get; init; }

    public required IReadOnlyList<NetworkStep> Networks { get; init; }

    /// <summary>Secrets and configs.</summary>
    public required IReadOnlyList<StoredStep> Stored { get; init; }

    /// <summary>Volumes that no node has yet.</summary>
    public IReadOnlyList<VolumeStep> Volumes { get; init; } = [];

    /// <summary>Galera clusters, shared folders and name servers.</summary>
    public IReadOnlyList<PartStep> Parts { get; init; } = [];

    public required IReadOnlyList<ServiceStep> Services { get; init; }

    /// <summary>Versions of secrets and configs of the files that no service will use once the stack has converged.</summary>
    public required IReadOnlyList<StoredItem> Outdated { get; init; }

    /// <summary>What belongs to the stack, and the files do not have.</summary>
    public required StackState Surplus { get; init; }

    /// <summary>The name of a network or config of the swarm by its id; null if it has none.</summary>
    public Func<string, string?> NameOf { get; init; } = _ => null;

    /// <summary>Whether the surplus is removed.</summary>
    public bool Prunes { get; init; }

    /// <summary>All changes in the order in which they are made.</summary>
    public IReadOnlyList<StackChange> Changes =>
        [
            .. Networks
                .Where(step => step.IsNew)
                .Select(step => Of(SwarmStackObjectKind.Network, step.Name, SwarmStackChange.Create, Words(step))),
            .. Stored.Where(step => step.IsNew).Select(step => Of(KindOf(step.Kind), step.Name, SwarmStackChange.Create)),
            .. Parts.Where(step => step is { IsLate: false, Changes: true }).Select(Of),
            .. Volumes.Select(step =>
                Of(SwarmStackObjectKind.Volume, step.Name, SwarmStackChange.Create, step.Driver, "by the tasks, on their nodes")
            ),
            .. Services.Where(step => step.Present is null).Select(Creation),
            .. Services
                .Where(step => step is { Present: not null, Changes: true })
                .Select(step => new StackChange(SwarmStackObjectKind.Service, step.Name, SwarmStackChange.Update, step.Differences)),
            .. Parts.Where(step => step is { IsLate: true, Changes: true }).Select(Of),
            .. Outdated.Select(item => Of(KindOf(item.Kind), item.ObjectName, SwarmStackChange.Remove, "replaced")),
            .. SurplusChanges(Prunes ? SwarmStackChange.Remove : SwarmStackChange.Keep),
        ];

    /// <summary>The changes that are made: without what is kept.</summary>
    public IReadOnlyList<StackChange> Work => [.. Changes.Where(change => change.Change != SwarmStackChange.Keep)];

    private IEnumerable<StackChange> SurplusChanges(SwarmStackChange change) =>
        Surplus
            .Services.Select(service => Of(SwarmStackObjectKind.Service, service.Name, change, "not in the file"))
            .Concat(
                Surplus.Secrets.Concat(Surplus.Configs).Select(item => Of(KindOf(item.Kind), item.ObjectName, change, "not in the file"))
            )
            .Concat(Surplus.Networks.Select(network => Of(SwarmStackObjectKind.Network, network.Name, change, "not in the file")));

    private static StackChange Creation(ServiceStep step) =>
        Of(SwarmStackObjectKind.Service, step.Name, SwarmStackChange.Create, SpecMode.Of(step.Wanted).ToString(), $"image {step.Image}");

    private static string[] Words(NetworkStep step) =>
        step.IsEncrypted ? [step.Network.Driver ?? "overlay", "encrypted"] : [step.Network.Driver ?? "overlay"];

    private static SwarmStackObjectKind KindOf(StoredKind kind) =>
        kind.IsSecret ? SwarmStackObjectKind.Secret : SwarmStackObjectKind.Config;

    private static StackChange Of(PartStep step) =>
        new(step.Kind, step.Name, step.IsNew ? SwarmStackChange.Create : SwarmStackChange.Update, step.Details);

    private static StackChange Of(SwarmStackObjectKind kind, string name, SwarmStackChange change, params string[] details) =>
        new(kind, name, change, details);
}
