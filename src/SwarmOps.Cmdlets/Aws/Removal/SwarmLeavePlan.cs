namespace SwarmOps.Aws;

/// <summary>What it takes to get nodes out of their swarm before their instances go.</summary>
/// <param name="Steps">What is done to a node, by its name; a node that is in no swarm has no entry.</param>
/// <param name="Blocked">Names of nodes that must not be terminated, since they could not leave.</param>
internal sealed record SwarmLeavePlan(IReadOnlyDictionary<string, string> Steps, IReadOnlySet<string> Blocked)
{
    /// <summary>Nothing to do: the instances can go as they are.</summary>
    public static readonly SwarmLeavePlan Nothing = new(new Dictionary<string, string>(), new HashSet<string>());
}
