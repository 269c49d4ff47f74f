namespace SwarmOps.Stacks.Planning;

/// <summary>Collects what stands against a deployment, so that all of it is reported at once, before anything is changed.</summary>
internal sealed class StackFindings
{
    private readonly List<(string Problem, string Remedy)> found = [];

    public bool Any => found.Count > 0;

    /// <summary>The problems, each with its remedy.</summary>
    public IReadOnlyList<(string Problem, string Remedy)> All
    {
        get
        {
            lock (found)
                return [.. found.Distinct()];
        }
    }

    /// <summary>Adds one; may be called by several tasks.</summary>
    /// <param name="problem">What is wrong, without a full stop, beginning with a lower-case letter.</param>
    /// <param name="remedy">What to do, as a sentence.</param>
    public void Add(string problem, string remedy)
    {
        lock (found)
            found.Add((problem, remedy));
    }
}
