using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Services.Tasks.Terminal;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Services.Tasks;

/// <summary>Runs a program with the user's terminal in the container of one running task.</summary>
/// <param name="context">The cmdlet.</param>
/// <param name="open">Opens the user's terminal.</param>
/// <param name="request">What is entered.</param>
internal sealed class EnterTaskOperation(IOperationContext context, Func<ITerminal> open, EnterTaskRequest request)
{
    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException"><c>TaskChoiceUnclear</c>, <c>TaskGone</c>, <c>TerminalMissing</c>, the transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .FindAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var found = await new TaskChooser(swarm, request.Selection).ChooseAsync().ConfigureAwait(false);
        if (found.Count > 1)
            throw TaskErrors.TaskChoiceUnclear([.. found.Select(task => task.Task)]);
        if (found is not [var only])
            return;
        context.WriteVerbose($"{only.Task.Node}: entering '{only.Task.Name}'; Ctrl+] twice leaves it");
        var words = $"Enter with the command '{Masking.Text(string.Join(' ', request.Program.Command))}'";
        if (await context.ShouldProcessAsync($"task '{only.Task.Name}' on {only.Task.Node}", words).ConfigureAwait(false))
            await EnterAsync(only).ConfigureAwait(false);
    }

    private async Task EnterAsync(RunningTask task)
    {
        using var held = context.HoldConnections();
        var program =
            await RunningProgram
                .CreateAsync(task.Connection, task.ContainerId, request.Program, context.CancellationToken)
                .ConfigureAwait(false)
            ?? throw TaskErrors.TaskGone(task.Task);
        using var terminal = open();
        using var stream = await program.OpenTerminalAsync(context.CancellationToken).ConfigureAwait(false);
        var isOver = false;
        try
        {
            isOver = await new TerminalSession(terminal, program, stream, task.Connection)
                .RunAsync(context.CancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            terminal.Dispose();
            // A shell that has lost its terminal may wait for ever.
            if (!isOver && !await program.EndAsync().ConfigureAwait(false))
                context.WriteWarning($"'{task.Task.Name}' on {task.Task.Node} was left. {TaskErrors.Ended(false)}");
        }

        if (isOver)
            await ReportAsync(task, program).ConfigureAwait(false);
    }

    private async Task ReportAsync(RunningTask task, RunningProgram program)
    {
        var exitCode = await program.WaitAsync(context.CancellationToken).ConfigureAwait(false);
        context.WriteVerbose($"{task.Task.Node}: the command in '{task.Task.Name}' ended with exit code {exitCode}");
        await request.ExitAsync(exitCode).ConfigureAwait(false);
    }
}
