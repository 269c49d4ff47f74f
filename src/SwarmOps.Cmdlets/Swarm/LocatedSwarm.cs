namespace SwarmOps.Swarm;

/// <summary>The swarm of a node set: what each node says of itself, and what a manager says of all.</summary>
/// <param name="Observations">The nodes of the set that could be asked, in the set's order.</param>
/// <param name="View">The swarm as its leader, or a manager that has one, sees it.</param>
internal sealed record LocatedSwarm(IReadOnlyList<NodeObservation> Observations, SwarmView View)
{
    /// <summary>What a node of the set says of itself, found by its id in the swarm; null when it is not in the set or could not be asked.</summary>
    public NodeObservation? Observation(string nodeId) => Observations.FirstOrDefault(observation => observation.NodeId == nodeId && nodeId.Length > 0);

    /// <summary>A node of the set as it is now in the swarm.</summary>
    public SwarmNode Describe(NodeObservation observation) => SwarmNodeMapper.Describe(observation, View);
}
