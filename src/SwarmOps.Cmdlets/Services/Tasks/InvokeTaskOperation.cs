using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Docker.DotNet;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Services.Tasks;

/// <summary>
/// Runs a command in the containers of running tasks, each on the engine that has it. A command that nobody waits for any more is not left
/// behind: one that is cancelled, takes too long or writes too much is ended on its host.
/// </summary>
internal sealed class InvokeTaskOperation(IOperationContext context, InvokeTaskRequest request)
{
    /// <summary>Each command over SSH has a connection of its own, and sshd admits ten at a time that are not yet authenticated.</summary>
    private const int MostOnOneNode = 4;

    private readonly ConcurrentDictionary<INodeConnection, SemaphoreSlim> gates = new();

    /// <summary>Runs the operation; writes one result for each task.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .FindAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var confirmed = new List<RunningTask>();
        foreach (var task in await new TaskChooser(swarm, request.Selection).ChooseAsync().ConfigureAwait(false))
        {
            if (await context.ShouldProcessAsync($"task '{task.Task.Name}' on {task.Task.Node}", Words()).ConfigureAwait(false))
                confirmed.Add(task);
        }

        await Throttle.ForEachAsync(confirmed, request.ThrottleLimit, RunAsync, context.CancellationToken).ConfigureAwait(false);
    }

    private string Words() => $"Run the command '{Masking.Text(string.Join(' ', request.Program.Command))}'";

    private async Task<bool> RunAsync(RunningTask task)
    {
        var gate = gates.GetOrAdd(task.Connection, static _ => new SemaphoreSlim(MostOnOneNode));
        await gate.WaitAsync(context.CancellationToken).ConfigureAwait(false);
        try
        {
            await RunOneAsync(task).ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
        {
            context.WriteError(error);
        }
        finally
        {
            gate.Release();
        }

        return true;
    }

    private async Task RunOneAsync(RunningTask task)
    {
        using var held = context.HoldConnections();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        if (request.TimeoutSeconds > 0)
            limit.CancelAfter(TimeSpan.FromSeconds(request.TimeoutSeconds));
        var program =
            await RunningProgram
                .CreateAsync(task.Connection, task.ContainerId, request.Program, context.CancellationToken)
                .ConfigureAwait(false)
            ?? throw TaskErrors.TaskGone(task.Task);
        var begun = Stopwatch.GetTimestamp();
        using var output = new TaskOutput(task.Task, request.AsLine ? WriteAsync : null);
        try
        {
            await program.ReadAsync(output.TakeAsync, limit.Token).ConfigureAwait(false);
            var exitCode = await program.WaitAsync(limit.Token).ConfigureAwait(false);
            await output.CompleteAsync(exitCode, request.Program.Command[0]).ConfigureAwait(false);
            Report(task, output, exitCode, Stopwatch.GetElapsedTime(begun));
        }
        catch (OperationCanceledException)
        {
            var isEnded = await program.EndAsync().ConfigureAwait(false);
            if (!context.CancellationToken.IsCancellationRequested)
                throw TaskErrors.TaskCommandTimedOut(task.Task, request.TimeoutSeconds, isEnded);
            context.WriteVerbose($"{task.Task.Node}: the command in '{task.Task.Name}' was cancelled. {TaskErrors.Ended(isEnded)}");
            throw;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.Conflict })
        {
            throw TaskErrors.TaskGone(task.Task);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            throw TaskErrors.TaskEndedMeanwhile(task.Task);
        }
        catch (OutputLimitException)
        {
            throw TaskErrors.TaskOutputTooLong(task.Task, TaskOutput.MostMegabytes, await program.EndAsync().ConfigureAwait(false));
        }
    }

    private async ValueTask WriteAsync(SwarmLogEntry line) => await context.WriteObjectAsync(line).ConfigureAwait(false);

    private void Report(RunningTask task, TaskOutput output, int exitCode, TimeSpan duration)
    {
        context.WriteVerbose($"{task.Task.Node}: the command in '{task.Task.Name}' ended with exit code {exitCode}");
        if (!request.AsLine)
            context.WriteObject(
                new SwarmTaskResult
                {
                    Task = task.Task.Name,
                    TaskId = task.Task.Id,
                    Service = task.Task.Service,
                    Node = task.Task.Node,
                    Region = task.Task.Region,
                    ContainerId = task.ContainerId,
                    ExitCode = exitCode,
                    Output = output.Output,
                    ErrorOutput = output.ErrorOutput,
                    Duration = duration,
                }
            );
        else if (exitCode != 0)
            context.WriteError(TaskErrors.TaskCommandFailed(task.Task, exitCode));
    }
}
