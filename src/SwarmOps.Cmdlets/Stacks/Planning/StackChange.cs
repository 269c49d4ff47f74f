using SwarmOps.Stacks.Specification;

namespace SwarmOps.Stacks.Planning;

/// <summary>What is done to one object.</summary>
/// <param name="Kind">The kind of the object.</param>
/// <param name="Name">Its name in the swarm.</param>
/// <param name="Change">What is done.</param>
/// <param name="Details">What differs, or what it is.</param>
internal sealed record StackChange(SwarmStackObjectKind Kind, string Name, SwarmStackChange Change, IReadOnlyList<string> Details)
{
    /// <summary>The question before it is done.</summary>
    public string Action
    {
        get
        {
            var what = $"{Change} the {Noun(Kind)} '{Name}'";
            return (Change, Details.Count) switch
            {
                (_, 0) => what,
                (SwarmStackChange.Update, _) or (_, > 2) => $"{what}: {string.Join("; ", Details)}",
                _ => $"{what} ({string.Join(", ", Details)})",
            };
        }
    }

    /// <summary>What an object is, within a sentence.</summary>
    public static string Noun(SwarmStackObjectKind kind) =>
        kind switch
        {
            SwarmStackObjectKind.GaleraCluster => "Galera cluster",
            SwarmStackObjectKind.SharedFolder => "shared folder",
            SwarmStackObjectKind.GeoDns => "name servers of the zone",
            _ => kind.ToString().ToLowerInvariant(),
        };

    /// <summary>The change as shown to the user.</summary>
    public SwarmStackDifference Describe(StackNames names, string swarmId) =>
        new()
        {
            Stack = names.Stack,
            SwarmId = swarmId,
            Kind = Kind,
            Name = Name,
            Change = Change,
            Details = Details,
        };
}
