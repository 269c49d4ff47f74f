using SwarmOps.Services.Stored;

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

    public static SwarmOpsException StackOverlaysSeveral(string first, string second) =>
        new(
            ErrorKind.InvalidArgument,
            $"A stack has one network 'default', and two overlay networks came in to be it: '{first}' and '{second}'. Nothing was changed.",
            "Pass one of them, and write the other one into the file as an external network.",
            second
        );

    public static SwarmOpsException StackNameMissing(string path) =>
        new(
            ErrorKind.InvalidArgument,
            $"The stack has no name: -Name was not specified, and '{path}' has no 'name'. Nothing was changed.",
            "Specify -Name, or add 'name: shop' to the file.",
            path
        );

    public static SwarmOpsException StackNameInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' cannot be the name of a stack. Nothing was changed.",
            "Use lower-case letters, digits, '-' and '_', beginning with a letter or digit.",
            name
        );

    public static SwarmOpsException StackVariableInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' cannot be the name of a variable, or its value is not one text. Nothing was changed.",
            "Specify a hashtable of names and texts, such as -Variable @{ TAG = '1.2' }.",
            name
        );

    public static SwarmOpsException StackRegistriesSeveral(IReadOnlyList<string> registries) =>
        new(
            ErrorKind.InvalidArgument,
            $"The images are in several registries ({string.Join(", ", registries)}), and -RegistryCredential has one credential, which was sent to none of them. Nothing was changed.",
            "Log in to each with docker login, and specify the file with -DockerConfigPath.",
            registries
        );

    public static SwarmOpsException StackCheckFailed(string stack, IReadOnlyList<(string Problem, string Remedy)> findings) =>
        new(
            ErrorKind.InvalidState,
            $"The stack '{stack}' cannot be deployed as it is; nothing was changed.\n{string.Join('\n', findings.Take(MostListed).Select(finding => $"- {finding.Problem}. {finding.Remedy}"))}",
            findings.Count == 1 ? findings[0].Remedy : "Fix the reported problems, then run the same command again.",
            stack
        );

    public static SwarmOpsException StackNotDeployed(
        string stack,
        IReadOnlyList<SwarmOpsException> failures,
        IReadOnlyList<string> waiting,
        string outcome
    ) => new(ErrorKind.InvalidState, Failed(stack, failures, waiting, outcome), failures[0].RecommendedAction, stack, failures[0]);

    public static SwarmOpsException StackNotRestored(
        string stack,
        IReadOnlyList<SwarmOpsException> failures,
        IReadOnlyList<string> waiting,
        string outcome
    ) =>
        new(
            ErrorKind.InvalidState,
            Failed(stack, failures, waiting, outcome),
            $"Look at what runs with Get-SwarmStack -Name {stack} and Get-SwarmTask. To deploy the file, fix what the message reports, then run the same command again; to go back, publish the earlier file.",
            stack,
            failures[0]
        );

    public static SwarmOpsException StackPartFailed(string stack, SwarmOpsException failure) =>
        new(
            ErrorKind.InvalidState,
            $"The services of the stack '{stack}' have converged, but not all of the stack is as the file says: {failure.Message} Nothing was rolled back.",
            failure.RecommendedAction,
            stack,
            failure
        );

    public static SwarmOpsException StackNotFound(string stack, string swarmId) =>
        new(ErrorKind.NotFound, $"The swarm {swarmId} has no stack '{stack}'.", "List the stacks with $nodes | Get-SwarmStack.", stack);

    public static SwarmOpsException StackNetworkInUse(string stack, string network, string why) =>
        new(
            ErrorKind.Timeout,
            $"The network '{network}' of the stack '{stack}' is still in use: {why}. What else belonged to the stack and is not reported was removed.",
            "Stop what uses it (docker network inspect on the nodes lists containers), then run the same command again.",
            network
        );

    public static SwarmOpsException StackNetworkRefused(string network, string words, Exception cause) =>
        new(
            ErrorKind.Engine,
            $"The swarm rejected the network '{network}': {words}",
            "Fix the reported problem, then run the same command again.",
            network,
            cause
        );

    public static SwarmOpsException StackStoredRefused(StoredKind kind, string name, string words, Exception? cause) =>
        new(
            ErrorKind.Engine,
            $"The swarm rejected the {kind.Noun} '{name}': {words}",
            "Fix the reported problem, then run the same command again.",
            name,
            cause
        );

    public static SwarmOpsException StackFileExists(string path) =>
        new(
            ErrorKind.AlreadyExists,
            $"The file '{path}' exists. It was not changed.",
            "Specify another -Path, or -Force to replace it.",
            path
        );

    public static SwarmOpsException StackFileNotWritten(string path, Exception cause) =>
        new(
            ErrorKind.Permission,
            $"The file '{path}' could not be written: {cause.Message.TrimEnd('.')}.",
            "Specify a -Path in a folder that exists and that this user may write to.",
            path,
            cause
        );

    private static string Failed(string stack, IReadOnlyList<SwarmOpsException> failures, IReadOnlyList<string> waiting, string outcome) =>
        $"The stack '{stack}' was not deployed. {string.Join('\n', failures.Select(failure => failure.Message))}"
        + (waiting.Count == 0 ? "" : $"\nNot deployed, since they depend on these: {string.Join(", ", waiting)}.")
        + $"\n{outcome}";

    private static string Count(IReadOnlyList<StackProblem> problems) =>
        problems.Count == 1 ? "1 problem" : $"{(problems.Count >= StackProblems.MostKept ? "At least " : "")}{problems.Count} problems";

    private static string Listed(IReadOnlyList<StackProblem> problems) =>
        string.Join('\n', problems.Take(MostListed))
        + (problems.Count > MostListed ? $"\n... and {problems.Count - MostListed} more." : "");
}
