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
            var what = $"{Change} the {Kind.ToString().ToLowerInvariant()} '{Name}'";
            return (Change, Details.Count) switch
            {
                (_, 0) => what,
                (SwarmStackChange.Update, _) => $"{what}: {string.Join("; ", Details)}",
                _ => $"{what} ({string.Join(", ", Details)})",
            };
        }
    }

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
