namespace SwarmOps;

/// <summary>All ways of one test of a network: what the drawing of one of them knows of the others.</summary>
internal sealed class SwarmOverlayProof
{
    private int next;

    /// <summary>Tells the tests of one process apart, in the order of their ends.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The ways in the order in which they are given out.</summary>
    public IReadOnlyList<SwarmOverlayPath> Paths { get; private set; } = [];

    /// <summary>
    /// The ways as they are given out, each knowing the others. The first is a sound one, if any is: then a pipeline that picks those that are not sound
    /// never begins with it.
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

    /// <summary>Begins a drawing.</summary>
    /// <returns>Whether it begins as one of all ways does.</returns>
    public bool Begin(SwarmOverlayPath first)
    {
        next = ReferenceEquals(Paths[0], first) ? 0 : -1;
        return next == 0;
    }

    /// <summary>Goes on with a drawing.</summary>
    /// <returns>Whether it is still one of all ways: the matrix then shows this one already.</returns>
    public bool IsInMatrix(SwarmOverlayPath path)
    {
        next = next >= 0 && next < Paths.Count && ReferenceEquals(Paths[next], path) ? next + 1 : -1;
        return next > 0;
    }
}
