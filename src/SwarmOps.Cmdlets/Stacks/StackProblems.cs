using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks;

/// <summary>Collects the problems of the files of a stack, so that all are reported at once, and what the user should know besides.</summary>
internal sealed class StackProblems
{
    /// <summary>Nobody reads more; a file that has more is not what it should be as a whole.</summary>
    public const int MostKept = 1000;

    private readonly List<StackProblem> problems = [];
    private readonly List<StackProblem> notes = [];
    private readonly HashSet<StackProblem> seen = [];

    /// <summary>The problems in the order of files and positions.</summary>
    public IReadOnlyList<StackProblem> All => [.. Ordered(problems)];

    /// <summary>What is accepted, but not as Docker Compose would do it.</summary>
    public IReadOnlyList<StackProblem> Notes => [.. Ordered(notes)];

    public int Count => problems.Count;

    public bool Any => problems.Count > 0;

    /// <summary>Whether further ones are not kept.</summary>
    public bool IsFull => problems.Count >= MostKept;

    public void Add(SourcePosition at, string message, string remedy)
    {
        if (IsFull)
            return;
        var problem = new StackProblem(at, message, remedy);
        // A node that an anchor shares is read once for each place that uses it.
        if (seen.Add(problem))
            problems.Add(problem);
    }

    public void Add(SourcePosition at, StackValueException exception) => Add(at, exception.Message, exception.Remedy);

    public void Note(SourcePosition at, string message, string remedy)
    {
        var note = new StackProblem(at, message, remedy);
        if (notes.Count < MostKept && seen.Add(note))
            notes.Add(note);
    }

    private static IEnumerable<StackProblem> Ordered(IEnumerable<StackProblem> list) =>
        list.Select((problem, index) => (problem, index))
            .GroupBy(entry => entry.problem.At.File.Name)
            .SelectMany(file =>
                file.OrderBy(entry => entry.problem.At.Line).ThenBy(entry => entry.problem.At.Column).ThenBy(entry => entry.index)
            )
            .Select(entry => entry.problem);
}
