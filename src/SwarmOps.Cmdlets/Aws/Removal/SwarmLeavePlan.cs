namespace SwarmOps.Aws.Removal;

/// <summary>The steps for removing nodes from their swarm before their instances are terminated.</summary>
/// <param name="Steps">The steps by node name; a node that is in no swarm has no entry.</param>
/// <param name="Blocked">Names of nodes that must not be terminated, because they cannot leave.</param>
internal sealed record SwarmLeavePlan(IReadOnlyDictionary<string, string> Steps, IReadOnlySet<string> Blocked)
{
    /// <summary>Nothing to do: the instances can be terminated.</summary>
    public static readonly SwarmLeavePlan Nothing = new(new Dictionary<string, string>(), new HashSet<string>());
}
