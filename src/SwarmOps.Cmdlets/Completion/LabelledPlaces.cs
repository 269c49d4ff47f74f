namespace SwarmOps.Completion;

/// <summary>The regions or zones of nodes, as candidates.</summary>
internal static class LabelledPlaces
{
    /// <summary>Each place once, with the names of its nodes.</summary>
    public static IEnumerable<Candidate> Of(IEnumerable<SwarmNode> nodes, Func<SwarmNode, string?> placeOf) =>
        nodes
            .Where(node => !string.IsNullOrEmpty(placeOf(node)))
            .GroupBy(node => placeOf(node)!, StringComparer.Ordinal)
            .Select(place => new Candidate(place.Key, string.Join(", ", place.Select(node => node.Name))));
}
