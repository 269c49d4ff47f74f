namespace SwarmOps.Stacks;

/// <summary>The errors of stacks, each with its id and the next step (docs/errors/stacks.md).</summary>
internal static class StackErrors
{
    /// <summary>More than these are counted, not listed.</summary>
    private const int MostListed = 100;

    public static SwarmOpsException StackFileInvalid(IReadOnlyList<StackProblem> problems) =>
        new(
            ErrorKind.InvalidData,
            $"{Count(problems)} in the Compose file; nothing was changed.\n{Listed(problems)}",
            problems.Count == 1 ? problems[0].Remedy : "Fix the reported problems, then run the same command again.",
            problems[0].At.ToString()
        );

    public static SwarmOpsException StackFileMissing() =>
        new(
            ErrorKind.InvalidArgument,
            "No Compose file is specified.",
            "Specify the path of at least one file, such as compose.yaml; later files override earlier ones."
        );

    private static string Count(IReadOnlyList<StackProblem> problems) =>
        problems.Count == 1 ? "1 problem" : $"{(problems.Count >= StackProblems.MostKept ? "At least " : "")}{problems.Count} problems";

    private static string Listed(IReadOnlyList<StackProblem> problems) =>
        string.Join('\n', problems.Take(MostListed))
        + (problems.Count > MostListed ? $"\n... and {problems.Count - MostListed} more." : "");
}
