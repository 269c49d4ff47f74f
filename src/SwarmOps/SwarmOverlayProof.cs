namespace SwarmOps;

/// <summary>All paths of one test of a network, so that a formatter that draws one path knows the others.</summary>
internal sealed class SwarmOverlayProof
{
    private int next;

    /// <summary>Identifies the test within the process.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The paths in output order.</summary>
    public IReadOnlyList<SwarmOverlayPath> Paths { get; private set; } = [];

    /// <summary>
    /// The paths in output order, each linked to the others. The first is a working one, if any: a pipeline that selects the failing paths
    /// then never begins with it.
    /// </summary>
    public static IReadOnlyList<SwarmOverlayPath> Bind(IEnumerable<SwarmOverlayPath> paths)
    {
        var proof = new SwarmOverlayProof();
        var bound = paths.Select(path => path with { Proof = proof }).ToList();
        var first = bound.FindIndex(path => path.Result == FindingResult.Pass);
        if (first > 0)
        {
            var sound = bound[first];
            bound.RemoveAt(first);
            bound.Insert(0, sound);
        }

        return proof.Paths = bound;
    }

    /// <summary>Starts drawing.</summary>
    /// <returns>Whether the drawing starts like one of all paths.</returns>
    public bool Begin(SwarmOverlayPath first)
    {
        next = ReferenceEquals(Paths[0], first) ? 0 : -1;
        return next == 0;
    }

    /// <summary>Continues drawing.</summary>
    /// <returns>Whether it is still a drawing of all paths, so that the matrix already shows this one.</returns>
    public bool IsInMatrix(SwarmOverlayPath path)
    {
        next = next >= 0 && next < Paths.Count && ReferenceEquals(Paths[next], path) ? next + 1 : -1;
        return next > 0;
    }
}
