using SwarmOps.Transport;

namespace SwarmOps.Services.Tasks;

/// <summary>The errors of commands in tasks, each with its id and the next step (docs/errors/services.md).</summary>
internal static class TaskErrors
{
    public static SwarmOpsException TaskUnknown(string name, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"The swarm {swarmId} has no running task '{name}'.",
            "List the tasks with $nodes | Get-SwarmTask; a task is named by its name, such as web.1, or its id.",
            name
        );

    public static SwarmOpsException TaskNotRunning(string service, string states) =>
        new(
            ErrorKind.InvalidState,
            $"No task of the service '{service}' is running where a command was to be run: {states}.",
            $"Check the tasks with $nodes | Get-SwarmTask -Service {service} -All, or wait with Wait-SwarmService.",
            service
        );

    public static SwarmOpsException TaskNodeNotInSet(SwarmTask task) =>
        new(
            ErrorKind.InvalidArgument,
            $"The task '{task.Name}' runs on '{task.Node}', which is not in the node set: its engine alone can run a command in its container. Nothing was run there.",
            "Pass this node too; $nodes | Get-SwarmNode lists the members that the set lacks.",
            task
        );

    public static SwarmOpsException TaskNodeSilent(SwarmTask task, SwarmOpsException why) =>
        new(
            ErrorKind.Connection,
            $"The task '{task.Name}' runs on '{task.Node}', which could not be asked: {why.Message.TrimEnd('.')}. Nothing was run there.",
            why.RecommendedAction,
            task,
            why
        );

    public static SwarmOpsException TaskGone(SwarmTask task) =>
        new(
            ErrorKind.InvalidState,
            $"The container of the task '{task.Name}' does not run on '{task.Node}' any more: the task has ended or was replaced since it was read, or the container is paused. Nothing was run there.",
            "Run the same command again: it uses the task that runs now.",
            task
        );

    public static SwarmOpsException TaskEndedMeanwhile(SwarmTask task) =>
        new(
            ErrorKind.InvalidState,
            $"The container of the task '{task.Name}' on '{task.Node}' ended while the command ran in it. The exit code of the command is not known.",
            $"Check with $nodes | Get-SwarmTask -Service {task.Service} -All why the task ended, then run the same command again.",
            task
        );

    public static SwarmOpsException TaskProgramNotFound(SwarmTask task, string program, string words) =>
        new(
            ErrorKind.NotFound,
            $"The container of the task '{task.Name}' cannot run the program '{Masking.Text(program)}': {Masking.Text(words)}",
            "Specify program and arguments as separate values (-Command df, -h), or one line for the container's shell (-Shell). An image may have neither the program nor a shell.",
            task
        );

    public static SwarmOpsException TaskCommandFailed(SwarmTask task, int exitCode) =>
        new(
            ErrorKind.InvalidState,
            $"The command in the task '{task.Name}' on '{task.Node}' ended with exit code {exitCode}.",
            "Read what it wrote, and fix the reported problem.",
            task
        );

    public static SwarmOpsException TaskCommandTimedOut(SwarmTask task, int seconds, bool isEnded) =>
        new(
            ErrorKind.Timeout,
            $"The command in the task '{task.Name}' on '{task.Node}' did not end within {seconds} s. {Ended(isEnded)}",
            "Increase -TimeoutSeconds, or see with -AsLine how far the command gets.",
            task
        );

    public static SwarmOpsException TaskOutputTooLong(SwarmTask task, int megabytes, bool isEnded) =>
        new(
            ErrorKind.InvalidData,
            $"The command in the task '{task.Name}' on '{task.Node}' wrote more than {megabytes} MB, which is the most that one object holds. {Ended(isEnded)}",
            "Specify -AsLine, which passes each line on as it is written, or let the command write less.",
            task
        );

    public static SwarmOpsException TaskChoiceUnclear(IReadOnlyList<SwarmTask> tasks) =>
        new(
            ErrorKind.InvalidArgument,
            $"A terminal is for one task, and {tasks.Count} were named: {string.Join(", ", tasks.Select(task => task.Name))}.",
            "Specify one task with -Task, or one service with -Service, of which the first running task is entered.",
            null
        );

    public static SwarmOpsException TerminalMissing(string why) =>
        new(
            ErrorKind.InvalidState,
            $"Enter-SwarmTask needs a terminal, and {why}. Nothing was run.",
            "Use Invoke-SwarmTask in scripts, runbooks and remote sessions.",
            null
        );

    /// <summary>What became of the command.</summary>
    public static string Ended(bool isEnded) =>
        isEnded ? "It was ended." : "It may still be running in the container: ending it needs root on the host of the task.";
}
